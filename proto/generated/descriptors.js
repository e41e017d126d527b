// Generated from the .proto files by proto/generate.ts.
export const protoFiles = [
  {
    "name": "sidegate/v1/decision.proto",
    "imports": [
      "google/protobuf/struct.proto"
    ],
    "symbols": [
      "sidegate.v1.Sidegate",
      "sidegate.v1.Sidegate.Check",
      "sidegate.v1.Sidegate.BatchCheck",
      "sidegate.v1.CheckRequest",
      "sidegate.v1.CheckRequest.domain",
      "sidegate.v1.CheckRequest.subject",
      "sidegate.v1.CheckRequest.permission",
      "sidegate.v1.CheckRequest.scope",
      "sidegate.v1.CheckRequest.resource",
      "sidegate.v1.CheckRequest.context",
      "sidegate.v1.CheckRequest.active_roles",
      "sidegate.v1.CheckRequest.token",
      "sidegate.v1.CheckRequest.min_position",
      "sidegate.v1.CheckRequest.explain",
      "sidegate.v1.Subject",
      "sidegate.v1.Subject.kind",
      "sidegate.v1.Subject.name",
      "sidegate.v1.Subject.groups",
      "sidegate.v1.Subject.attributes",
      "sidegate.v1.Resource",
      "sidegate.v1.Resource.name",
      "sidegate.v1.Resource.attributes",
      "sidegate.v1.Reason",
      "sidegate.v1.Disclosure",
      "sidegate.v1.Level",
      "sidegate.v1.CheckResponse",
      "sidegate.v1.CheckResponse.allowed",
      "sidegate.v1.CheckResponse.reason",
      "sidegate.v1.CheckResponse.disclosure",
      "sidegate.v1.CheckResponse.public_reason",
      "sidegate.v1.CheckResponse.revision",
      "sidegate.v1.CheckResponse.level",
      "sidegate.v1.CheckResponse.explanation",
      "sidegate.v1.Explanation",
      "sidegate.v1.Explanation.binding",
      "sidegate.v1.Explanation.role",
      "sidegate.v1.Explanation.rule_role",
      "sidegate.v1.Explanation.scope",
      "sidegate.v1.Explanation.subject",
      "sidegate.v1.BatchCheckRequest",
      "sidegate.v1.BatchCheckRequest.checks",
      "sidegate.v1.BatchCheckResponse",
      "sidegate.v1.BatchCheckResponse.results",
      "sidegate.v1.BatchCheckResult",
      "sidegate.v1.BatchCheckResult.response",
      "sidegate.v1.BatchCheckResult.error",
      "sidegate.v1.CheckError",
      "sidegate.v1.CheckError.status",
      "sidegate.v1.CheckError.reason",
      "sidegate.v1.CheckError.message"
    ],
    "descriptor": "ChpzaWRlZ2F0ZS92MS9kZWNpc2lvbi5wcm90bxILc2lkZWdhdGUudjEaHGdvb2dsZS9wcm90b2J1Zi9zdHJ1Y3QucHJvdG8i6AIKDENoZWNrUmVxdWVzdBIWCgZkb21haW4YASABKAlSBmRvbWFpbhIuCgdzdWJqZWN0GAIgASgLMhQuc2lkZWdhdGUudjEuU3ViamVjdFIHc3ViamVjdBIeCgpwZXJtaXNzaW9uGAMgASgJUgpwZXJtaXNzaW9uEhQKBXNjb3BlGAQgASgJUgVzY29wZRIxCghyZXNvdXJjZRgFIAEoCzIVLnNpZGVnYXRlLnYxLlJlc291cmNlUghyZXNvdXJjZRIxCgdjb250ZXh0GAYgASgLMhcuZ29vZ2xlLnByb3RvYnVmLlN0cnVjdFIHY29udGV4dBIhCgxhY3RpdmVfcm9sZXMYByADKAlSC2FjdGl2ZVJvbGVzEhQKBXRva2VuGAggASgJUgV0b2tlbhIhCgxtaW5fcG9zaXRpb24YCSADKAlSC21pblBvc2l0aW9uEhgKB2V4cGxhaW4YCiABKAhSB2V4cGxhaW4iggEKB1N1YmplY3QSEgoEa2luZBgBIAEoCVIEa2luZBISCgRuYW1lGAIgASgJUgRuYW1lEhYKBmdyb3VwcxgDIAMoCVIGZ3JvdXBzEjcKCmF0dHJpYnV0ZXMYBCABKAsyFy5nb29nbGUucHJvdG9idWYuU3RydWN0UgphdHRyaWJ1dGVzIlcKCFJlc291cmNlEhIKBG5hbWUYASABKAlSBG5hbWUSNwoKYXR0cmlidXRlcxgCIAEoCzIXLmdvb2dsZS5wcm90b2J1Zi5TdHJ1Y3RSCmF0dHJpYnV0ZXMiywIKDUNoZWNrUmVzcG9uc2USGAoHYWxsb3dlZBgBIAEoCFIHYWxsb3dlZBIrCgZyZWFzb24YAiABKA4yEy5zaWRlZ2F0ZS52MS5SZWFzb25SBnJlYXNvbhI3CgpkaXNjbG9zdXJlGAMgASgOMhcuc2lkZWdhdGUudjEuRGlzY2xvc3VyZVIKZGlzY2xvc3VyZRI4Cg1wdWJsaWNfcmVhc29uGAQgASgOMhMuc2lkZWdhdGUudjEuUmVhc29uUgxwdWJsaWNSZWFzb24SGgoIcmV2aXNpb24YBSABKAlSCHJldmlzaW9uEigKBWxldmVsGAYgASgOMhIuc2lkZWdhdGUudjEuTGV2ZWxSBWxldmVsEjoKC2V4cGxhbmF0aW9uGAcgASgLMhguc2lkZWdhdGUudjEuRXhwbGFuYXRpb25SC2V4cGxhbmF0aW9uIogBCgtFeHBsYW5hdGlvbhIYCgdiaW5kaW5nGAEgASgJUgdiaW5kaW5nEhIKBHJvbGUYAiABKAlSBHJvbGUSGwoJcnVsZV9yb2xlGAMgASgJUghydWxlUm9sZRIUCgVzY29wZRgEIAEoCVIFc2NvcGUSGAoHc3ViamVjdBgFIAEoCVIHc3ViamVjdCJGChFCYXRjaENoZWNrUmVxdWVzdBIxCgZjaGVja3MYASADKAsyGS5zaWRlZ2F0ZS52MS5DaGVja1JlcXVlc3RSBmNoZWNrcyJNChJCYXRjaENoZWNrUmVzcG9uc2USNwoHcmVzdWx0cxgBIAMoCzIdLnNpZGVnYXRlLnYxLkJhdGNoQ2hlY2tSZXN1bHRSB3Jlc3VsdHMihwEKEEJhdGNoQ2hlY2tSZXN1bHQSOAoIcmVzcG9uc2UYASABKAsyGi5zaWRlZ2F0ZS52MS5DaGVja1Jlc3BvbnNlSABSCHJlc3BvbnNlEi8KBWVycm9yGAIgASgLMhcuc2lkZWdhdGUudjEuQ2hlY2tFcnJvckgAUgVlcnJvckIICgZyZXN1bHQiVgoKQ2hlY2tFcnJvchIWCgZzdGF0dXMYASABKAVSBnN0YXR1cxIWCgZyZWFzb24YAiABKAlSBnJlYXNvbhIYCgdtZXNzYWdlGAMgASgJUgdtZXNzYWdlKuEBCgZSZWFzb24SFgoSUkVBU09OX1VOU1BFQ0lGSUVEEAASCwoHQUxMT1dFRBABEgkKBVNUQUxFEAISEQoNSU5WQUxJRF9UT0tFThADEhEKDVVOS05PV05fU0NPUEUQBBIWChJVTktOT1dOX1BFUk1JU1NJT04QBRIPCgtXUk9OR19MRVZFTBAGEg0KCVNVU1BFTkRFRBAHEhYKElNFUEFSQVRJT05fT0ZfRFVUWRAIEhAKDFRPS0VOX0RFTklFRBAJEhEKDUVYUExJQ0lUX0RFTlkQChIMCghOT19HUkFOVBALKkYKCkRpc2Nsb3N1cmUSGgoWRElTQ0xPU1VSRV9VTlNQRUNJRklFRBAAEg0KCUZPUkJJRERFThABEg0KCU5PVF9GT1VORBACKl4KBUxldmVsEhUKEUxFVkVMX1VOU1BFQ0lGSUVEEAASDAoIUExBVEZPUk0QARIQCgxPUkdBTklaQVRJT04QAhINCglXT1JLU1BBQ0UQAxIPCgtFTlZJUk9OTUVOVBAEMqEBCghTaWRlZ2F0ZRJCCgVDaGVjaxIZLnNpZGVnYXRlLnYxLkNoZWNrUmVxdWVzdBoaLnNpZGVnYXRlLnYxLkNoZWNrUmVzcG9uc2UoADAAElEKCkJhdGNoQ2hlY2sSHi5zaWRlZ2F0ZS52MS5CYXRjaENoZWNrUmVxdWVzdBofLnNpZGVnYXRlLnYxLkJhdGNoQ2hlY2tSZXNwb25zZSgAMABiBnByb3RvMw=="
  },
  {
    "name": "google/protobuf/struct.proto",
    "imports": [],
    "symbols": [
      "google.protobuf.Struct",
      "google.protobuf.Struct.fields",
      "google.protobuf.Value",
      "google.protobuf.Value.null_value",
      "google.protobuf.Value.number_value",
      "google.protobuf.Value.string_value",
      "google.protobuf.Value.bool_value",
      "google.protobuf.Value.struct_value",
      "google.protobuf.Value.list_value",
      "google.protobuf.NullValue",
      "google.protobuf.ListValue",
      "google.protobuf.ListValue.values"
    ],
    "descriptor": "Chxnb29nbGUvcHJvdG9idWYvc3RydWN0LnByb3RvEg9nb29nbGUucHJvdG9idWYijAEKBlN0cnVjdBI7CgZmaWVsZHMYASADKAsyIy5nb29nbGUucHJvdG9idWYuU3RydWN0LkZpZWxkc0VudHJ5UgZmaWVsZHMaRQoLRmllbGRzRW50cnkSCwoDa2V5GAEgASgJEiUKBXZhbHVlGAIgASgLMhYuZ29vZ2xlLnByb3RvYnVmLlZhbHVlOgI4ASKyAgoFVmFsdWUSOwoKbnVsbF92YWx1ZRgBIAEoDjIaLmdvb2dsZS5wcm90b2J1Zi5OdWxsVmFsdWVIAFIJbnVsbFZhbHVlEiMKDG51bWJlcl92YWx1ZRgCIAEoAUgAUgtudW1iZXJWYWx1ZRIjCgxzdHJpbmdfdmFsdWUYAyABKAlIAFILc3RyaW5nVmFsdWUSHwoKYm9vbF92YWx1ZRgEIAEoCEgAUglib29sVmFsdWUSPAoMc3RydWN0X3ZhbHVlGAUgASgLMhcuZ29vZ2xlLnByb3RvYnVmLlN0cnVjdEgAUgtzdHJ1Y3RWYWx1ZRI7CgpsaXN0X3ZhbHVlGAYgASgLMhouZ29vZ2xlLnByb3RvYnVmLkxpc3RWYWx1ZUgAUglsaXN0VmFsdWVCBgoEa2luZCI7CglMaXN0VmFsdWUSLgoGdmFsdWVzGAEgAygLMhYuZ29vZ2xlLnByb3RvYnVmLlZhbHVlUgZ2YWx1ZXMqGwoJTnVsbFZhbHVlEg4KCk5VTExfVkFMVUUQAGIGcHJvdG8z"
  },
  {
    "name": "grpc/health/v1/health.proto",
    "imports": [],
    "symbols": [
      "grpc.health.v1.Health",
      "grpc.health.v1.Health.Check",
      "grpc.health.v1.Health.Watch",
      "grpc.health.v1.HealthCheckRequest",
      "grpc.health.v1.HealthCheckRequest.service",
      "grpc.health.v1.HealthCheckResponse",
      "grpc.health.v1.HealthCheckResponse.status",
      "grpc.health.v1.HealthCheckResponse.ServingStatus"
    ],
    "descriptor": "ChtncnBjL2hlYWx0aC92MS9oZWFsdGgucHJvdG8SDmdycGMuaGVhbHRoLnYxIi4KEkhlYWx0aENoZWNrUmVxdWVzdBIYCgdzZXJ2aWNlGAEgASgJUgdzZXJ2aWNlIrEBChNIZWFsdGhDaGVja1Jlc3BvbnNlEkkKBnN0YXR1cxgBIAEoDjIxLmdycGMuaGVhbHRoLnYxLkhlYWx0aENoZWNrUmVzcG9uc2UuU2VydmluZ1N0YXR1c1IGc3RhdHVzIk8KDVNlcnZpbmdTdGF0dXMSCwoHVU5LTk9XThAAEgsKB1NFUlZJTkcQARIPCgtOT1RfU0VSVklORxACEhMKD1NFUlZJQ0VfVU5LTk9XThADMrQBCgZIZWFsdGgSVAoFQ2hlY2sSIi5ncnBjLmhlYWx0aC52MS5IZWFsdGhDaGVja1JlcXVlc3QaIy5ncnBjLmhlYWx0aC52MS5IZWFsdGhDaGVja1Jlc3BvbnNlKAAwABJUCgVXYXRjaBIiLmdycGMuaGVhbHRoLnYxLkhlYWx0aENoZWNrUmVxdWVzdBojLmdycGMuaGVhbHRoLnYxLkhlYWx0aENoZWNrUmVzcG9uc2UoADABYgZwcm90bzM="
  },
  {
    "name": "grpc/reflection/v1/reflection.proto",
    "imports": [],
    "symbols": [
      "grpc.reflection.v1.ServerReflection",
      "grpc.reflection.v1.ServerReflection.ServerReflectionInfo",
      "grpc.reflection.v1.ServerReflectionRequest",
      "grpc.reflection.v1.ServerReflectionRequest.host",
      "grpc.reflection.v1.ServerReflectionRequest.file_by_filename",
      "grpc.reflection.v1.ServerReflectionRequest.file_containing_symbol",
      "grpc.reflection.v1.ServerReflectionRequest.file_containing_extension",
      "grpc.reflection.v1.ServerReflectionRequest.all_extension_numbers_of_type",
      "grpc.reflection.v1.ServerReflectionRequest.list_services",
      "grpc.reflection.v1.ExtensionRequest",
      "grpc.reflection.v1.ExtensionRequest.containing_type",
      "grpc.reflection.v1.ExtensionRequest.extension_number",
      "grpc.reflection.v1.ServerReflectionResponse",
      "grpc.reflection.v1.ServerReflectionResponse.valid_host",
      "grpc.reflection.v1.ServerReflectionResponse.original_request",
      "grpc.reflection.v1.ServerReflectionResponse.file_descriptor_response",
      "grpc.reflection.v1.ServerReflectionResponse.all_extension_numbers_response",
      "grpc.reflection.v1.ServerReflectionResponse.list_services_response",
      "grpc.reflection.v1.ServerReflectionResponse.error_response",
      "grpc.reflection.v1.FileDescriptorResponse",
      "grpc.reflection.v1.FileDescriptorResponse.file_descriptor_proto",
      "grpc.reflection.v1.ExtensionNumberResponse",
      "grpc.reflection.v1.ExtensionNumberResponse.base_type_name",
      "grpc.reflection.v1.ExtensionNumberResponse.extension_number",
      "grpc.reflection.v1.ListServiceResponse",
      "grpc.reflection.v1.ListServiceResponse.service",
      "grpc.reflection.v1.ServiceResponse",
      "grpc.reflection.v1.ServiceResponse.name",
      "grpc.reflection.v1.ErrorResponse",
      "grpc.reflection.v1.ErrorResponse.error_code",
      "grpc.reflection.v1.ErrorResponse.error_message"
    ],
    "descriptor": "CiNncnBjL3JlZmxlY3Rpb24vdjEvcmVmbGVjdGlvbi5wcm90bxISZ3JwYy5yZWZsZWN0aW9uLnYxIvMCChdTZXJ2ZXJSZWZsZWN0aW9uUmVxdWVzdBISCgRob3N0GAEgASgJUgRob3N0EioKEGZpbGVfYnlfZmlsZW5hbWUYAyABKAlIAFIOZmlsZUJ5RmlsZW5hbWUSNgoWZmlsZV9jb250YWluaW5nX3N5bWJvbBgEIAEoCUgAUhRmaWxlQ29udGFpbmluZ1N5bWJvbBJiChlmaWxlX2NvbnRhaW5pbmdfZXh0ZW5zaW9uGAUgASgLMiQuZ3JwYy5yZWZsZWN0aW9uLnYxLkV4dGVuc2lvblJlcXVlc3RIAFIXZmlsZUNvbnRhaW5pbmdFeHRlbnNpb24SQgodYWxsX2V4dGVuc2lvbl9udW1iZXJzX29mX3R5cGUYBiABKAlIAFIZYWxsRXh0ZW5zaW9uTnVtYmVyc09mVHlwZRIlCg1saXN0X3NlcnZpY2VzGAcgASgJSABSDGxpc3RTZXJ2aWNlc0IRCg9tZXNzYWdlX3JlcXVlc3QiZgoQRXh0ZW5zaW9uUmVxdWVzdBInCg9jb250YWluaW5nX3R5cGUYASABKAlSDmNvbnRhaW5pbmdUeXBlEikKEGV4dGVuc2lvbl9udW1iZXIYAiABKAVSD2V4dGVuc2lvbk51bWJlciKuBAoYU2VydmVyUmVmbGVjdGlvblJlc3BvbnNlEh0KCnZhbGlkX2hvc3QYASABKAlSCXZhbGlkSG9zdBJWChBvcmlnaW5hbF9yZXF1ZXN0GAIgASgLMisuZ3JwYy5yZWZsZWN0aW9uLnYxLlNlcnZlclJlZmxlY3Rpb25SZXF1ZXN0Ug9vcmlnaW5hbFJlcXVlc3QSZgoYZmlsZV9kZXNjcmlwdG9yX3Jlc3BvbnNlGAQgASgLMiouZ3JwYy5yZWZsZWN0aW9uLnYxLkZpbGVEZXNjcmlwdG9yUmVzcG9uc2VIAFIWZmlsZURlc2NyaXB0b3JSZXNwb25zZRJyCh5hbGxfZXh0ZW5zaW9uX251bWJlcnNfcmVzcG9uc2UYBSABKAsyKy5ncnBjLnJlZmxlY3Rpb24udjEuRXh0ZW5zaW9uTnVtYmVyUmVzcG9uc2VIAFIbYWxsRXh0ZW5zaW9uTnVtYmVyc1Jlc3BvbnNlEl8KFmxpc3Rfc2VydmljZXNfcmVzcG9uc2UYBiABKAsyJy5ncnBjLnJlZmxlY3Rpb24udjEuTGlzdFNlcnZpY2VSZXNwb25zZUgAUhRsaXN0U2VydmljZXNSZXNwb25zZRJKCg5lcnJvcl9yZXNwb25zZRgHIAEoCzIhLmdycGMucmVmbGVjdGlvbi52MS5FcnJvclJlc3BvbnNlSABSDWVycm9yUmVzcG9uc2VCEgoQbWVzc2FnZV9yZXNwb25zZSJMChZGaWxlRGVzY3JpcHRvclJlc3BvbnNlEjIKFWZpbGVfZGVzY3JpcHRvcl9wcm90bxgBIAMoDFITZmlsZURlc2NyaXB0b3JQcm90byJqChdFeHRlbnNpb25OdW1iZXJSZXNwb25zZRIkCg5iYXNlX3R5cGVfbmFtZRgBIAEoCVIMYmFzZVR5cGVOYW1lEikKEGV4dGVuc2lvbl9udW1iZXIYAiADKAVSD2V4dGVuc2lvbk51bWJlciJUChNMaXN0U2VydmljZVJlc3BvbnNlEj0KB3NlcnZpY2UYASADKAsyIy5ncnBjLnJlZmxlY3Rpb24udjEuU2VydmljZVJlc3BvbnNlUgdzZXJ2aWNlIiUKD1NlcnZpY2VSZXNwb25zZRISCgRuYW1lGAEgASgJUgRuYW1lIlMKDUVycm9yUmVzcG9uc2USHQoKZXJyb3JfY29kZRgBIAEoBVIJZXJyb3JDb2RlEiMKDWVycm9yX21lc3NhZ2UYAiABKAlSDGVycm9yTWVzc2FnZTKJAQoQU2VydmVyUmVmbGVjdGlvbhJ1ChRTZXJ2ZXJSZWZsZWN0aW9uSW5mbxIrLmdycGMucmVmbGVjdGlvbi52MS5TZXJ2ZXJSZWZsZWN0aW9uUmVxdWVzdBosLmdycGMucmVmbGVjdGlvbi52MS5TZXJ2ZXJSZWZsZWN0aW9uUmVzcG9uc2UoATABYgZwcm90bzM="
  },
  {
    "name": "google/rpc/error.proto",
    "imports": [
      "google/protobuf/any.proto"
    ],
    "symbols": [
      "google.rpc.Status",
      "google.rpc.Status.code",
      "google.rpc.Status.message",
      "google.rpc.Status.details",
      "google.rpc.ErrorInfo",
      "google.rpc.ErrorInfo.reason",
      "google.rpc.ErrorInfo.domain",
      "google.rpc.ErrorInfo.metadata"
    ],
    "descriptor": "ChZnb29nbGUvcnBjL2Vycm9yLnByb3RvEgpnb29nbGUucnBjGhlnb29nbGUvcHJvdG9idWYvYW55LnByb3RvImYKBlN0YXR1cxISCgRjb2RlGAEgASgFUgRjb2RlEhgKB21lc3NhZ2UYAiABKAlSB21lc3NhZ2USLgoHZGV0YWlscxgDIAMoCzIULmdvb2dsZS5wcm90b2J1Zi5BbnlSB2RldGFpbHMirQEKCUVycm9ySW5mbxIWCgZyZWFzb24YASABKAlSBnJlYXNvbhIWCgZkb21haW4YAiABKAlSBmRvbWFpbhI/CghtZXRhZGF0YRgDIAMoCzIjLmdvb2dsZS5ycGMuRXJyb3JJbmZvLk1ldGFkYXRhRW50cnlSCG1ldGFkYXRhGi8KDU1ldGFkYXRhRW50cnkSCwoDa2V5GAEgASgJEg0KBXZhbHVlGAIgASgJOgI4AWIGcHJvdG8z"
  },
  {
    "name": "google/protobuf/any.proto",
    "imports": [],
    "symbols": [
      "google.protobuf.Any",
      "google.protobuf.Any.type_url",
      "google.protobuf.Any.value"
    ],
    "descriptor": "Chlnb29nbGUvcHJvdG9idWYvYW55LnByb3RvEg9nb29nbGUucHJvdG9idWYiNwoDQW55EhoKCHR5cGVfdXJsGAEgASgJUgh0eXBlX3VybBIUCgV2YWx1ZRgCIAEoDFIFdmFsdWViBnByb3RvMw=="
  }
];
