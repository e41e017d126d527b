import protobuf from "protobufjs";
import descriptor from "protobufjs/ext/descriptor.js";
import { declared } from "./generate-types.ts";

/** A .proto file to describe: its package as it was parsed, its name and what it imports. */
export interface ProtoFile {
  readonly name: string;
  readonly package: protobuf.Namespace;
  readonly imports: readonly string[];
}

const HEADER = `// Generated from the .proto files by proto/generate.ts.
`;

/**
 * The module that server reflection answers from: each file with its encoded FileDescriptorProto. protobufjs' own
 * descriptors know neither files nor imports, and tools can not resolve what they refer to.
 */
export function descriptorsOf(files: readonly ProtoFile[]): string {
  const entries = files.map((file) => {
    const encoded = descriptor.FileDescriptorProto.encode(
      descriptor.FileDescriptorProto.fromObject(fileDescriptor(file)),
    ).finish();
    const { name, imports } = file;
    return { name, imports, symbols: symbolsOf(file), descriptor: Buffer.from(encoded).toString("base64") };
  });
  return `${HEADER}export const protoFiles = ${JSON.stringify(entries, undefined, 2)};\n`;
}

/** The declarations of that module. */
export const descriptorTypes = `${HEADER}
/** A .proto file. */
export interface DescribedFile {
  readonly name: string;
  /** Names of files that are among these too. */
  readonly imports: readonly string[];
  /** Full names of the services, methods, messages, fields and enums in it. */
  readonly symbols: readonly string[];
  /** The encoded FileDescriptorProto, in base64. */
  readonly descriptor: string;
}

export const protoFiles: readonly DescribedFile[];
`;

function symbolsOf(file: ProtoFile): string[] {
  const services = servicesOf(file).flatMap((service) => [
    service.fullName,
    ...service.methodsArray.map((method) => method.fullName),
  ]);
  const types = declared(file.package).flatMap((item) => [
    item.fullName,
    ...(item instanceof protobuf.Type ? item.fieldsArray : []).map(
      (field) => `${item.fullName}.${snakeCase(field.name)}`,
    ),
  ]);
  return [...services, ...types].map((name) => name.slice(1));
}

function servicesOf(file: ProtoFile): protobuf.Service[] {
  return file.package.nestedArray.filter((item) => item instanceof protobuf.Service);
}

// From here on: the messages of google/protobuf/descriptor.proto as plain objects.

function fileDescriptor(file: ProtoFile): object {
  return {
    name: file.name,
    package: file.package.fullName.slice(1),
    dependency: file.imports,
    messageType: typesIn(file.package).map(messageDescriptor),
    enumType: enumsIn(file.package).map(enumDescriptor),
    service: servicesOf(file).map((service) => ({
      name: service.name,
      method: service.methodsArray.map((method) => ({
        name: method.name,
        inputType: method.resolvedRequestType?.fullName,
        outputType: method.resolvedResponseType?.fullName,
        clientStreaming: method.requestStream ?? false,
        serverStreaming: method.responseStream ?? false,
      })),
    })),
    syntax: "proto3",
  };
}

function messageDescriptor(type: protobuf.Type): object {
  const maps = type.fieldsArray.filter((field) => field instanceof protobuf.MapField);
  return {
    name: type.name,
    field: type.fieldsArray.map((field) => fieldDescriptor(type, field)),
    oneofDecl: type.oneofsArray.map((oneof) => ({ name: snakeCase(oneof.name) })),
    nestedType: [...typesIn(type).map(messageDescriptor), ...maps.map(mapEntry)],
    enumType: enumsIn(type).map(enumDescriptor),
  };
}

function fieldDescriptor(parent: protobuf.Type, field: protobuf.Field): object {
  const isMap = field instanceof protobuf.MapField;
  return {
    name: snakeCase(field.name),
    jsonName: field.name,
    number: field.id,
    label: isMap || field.repeated ? "LABEL_REPEATED" : "LABEL_OPTIONAL",
    ...(isMap ? { type: "TYPE_MESSAGE", typeName: `${parent.fullName}.${entryName(field)}` } : typeOf(field)),
    ...(field.partOf ? { oneofIndex: parent.oneofsArray.indexOf(field.partOf) } : {}),
  };
}

function mapEntry(field: protobuf.MapField): object {
  const label = "LABEL_OPTIONAL";
  return {
    name: entryName(field),
    field: [
      { name: "key", number: 1, label, type: `TYPE_${field.keyType.toUpperCase()}` },
      { name: "value", number: 2, label, ...typeOf(field) },
    ],
    options: { mapEntry: true },
  };
}

/** The name that protoc gives the message of a map's entries. */
function entryName(field: protobuf.FieldBase): string {
  return `${field.name.charAt(0).toUpperCase()}${field.name.slice(1)}Entry`;
}

function typeOf(field: protobuf.FieldBase): object {
  const { resolvedType } = field;
  if (resolvedType === null) return { type: `TYPE_${field.type.toUpperCase()}` };
  return {
    type: resolvedType instanceof protobuf.Enum ? "TYPE_ENUM" : "TYPE_MESSAGE",
    typeName: resolvedType.fullName,
  };
}

function enumDescriptor(item: protobuf.Enum): object {
  return { name: item.name, value: Object.entries(item.values).map(([name, number]) => ({ name, number })) };
}

function typesIn(namespace: protobuf.NamespaceBase): protobuf.Type[] {
  return namespace.nestedArray.filter((item) => item instanceof protobuf.Type);
}

function enumsIn(namespace: protobuf.NamespaceBase): protobuf.Enum[] {
  return namespace.nestedArray.filter((item) => item instanceof protobuf.Enum);
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
