// Generated from the .proto files by proto/generate.ts.

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
