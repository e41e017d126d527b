// Generated from grpc/reflection/v1/reflection.proto by proto/generate.ts.

import type { MessageType } from "../message-type.ts";

export interface ServerReflectionRequest {
  host: string;
  fileByFilename: string | null;
  fileContainingSymbol: string | null;
  fileContainingExtension: ExtensionRequest | null;
  allExtensionNumbersOfType: string | null;
  listServices: string | null;
  /** Which of these is set. */
  readonly messageRequest?: "fileByFilename" | "fileContainingSymbol" | "fileContainingExtension" | "allExtensionNumbersOfType" | "listServices";
}
export const ServerReflectionRequest: MessageType<ServerReflectionRequest>;

export interface ExtensionRequest {
  containingType: string;
  extensionNumber: number;
}
export const ExtensionRequest: MessageType<ExtensionRequest>;

export interface ServerReflectionResponse {
  validHost: string;
  originalRequest: ServerReflectionRequest | null;
  fileDescriptorResponse: FileDescriptorResponse | null;
  allExtensionNumbersResponse: ExtensionNumberResponse | null;
  listServicesResponse: ListServiceResponse | null;
  errorResponse: ErrorResponse | null;
  /** Which of these is set. */
  readonly messageResponse?: "fileDescriptorResponse" | "allExtensionNumbersResponse" | "listServicesResponse" | "errorResponse";
}
export const ServerReflectionResponse: MessageType<ServerReflectionResponse>;

export interface FileDescriptorResponse {
  /** Encoded FileDescriptorProtos: the file asked for and what it imports. */
  fileDescriptorProto: Uint8Array[];
}
export const FileDescriptorResponse: MessageType<FileDescriptorResponse>;

export interface ExtensionNumberResponse {
  baseTypeName: string;
  extensionNumber: number[];
}
export const ExtensionNumberResponse: MessageType<ExtensionNumberResponse>;

export interface ListServiceResponse {
  service: ServiceResponse[];
}
export const ListServiceResponse: MessageType<ListServiceResponse>;

export interface ServiceResponse {
  name: string;
}
export const ServiceResponse: MessageType<ServiceResponse>;

export interface ErrorResponse {
  /** A gRPC status code. */
  errorCode: number;
  errorMessage: string;
}
export const ErrorResponse: MessageType<ErrorResponse>;
