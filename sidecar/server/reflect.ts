import { status } from "@grpc/grpc-js";
import { type DescribedFile, protoFiles } from "../../proto/generated/descriptors.js";
import type { ServerReflectionRequest, ServerReflectionResponse } from "../../proto/generated/reflection.js";
import type { Input } from "../../proto/message-type.ts";

type Answer = Omit<Input<ServerReflectionResponse>, "validHost" | "originalRequest">;

const byName = new Map(protoFiles.map((file) => [file.name, file]));
const bySymbol = new Map(protoFiles.flatMap((file) => file.symbols.map((symbol) => [symbol, file])));

/**
 * Answers one question of server reflection.
 *
 * @param services the services to list
 */
export function reflect(
  request: ServerReflectionRequest,
  services: readonly string[],
): Input<ServerReflectionResponse> {
  return { validHost: request.host, originalRequest: request, ...answer(request, services) };
}

function answer(request: ServerReflectionRequest, services: readonly string[]): Answer {
  const { fileByFilename, fileContainingSymbol, allExtensionNumbersOfType } = request;
  if (request.listServices !== null) {
    return { listServicesResponse: { service: services.map((name) => ({ name })) } };
  }
  if (fileByFilename !== null) return filesFrom(byName.get(fileByFilename), "file");
  if (fileContainingSymbol !== null) return filesFrom(bySymbol.get(fileContainingSymbol), "symbol");
  if (allExtensionNumbersOfType !== null && bySymbol.has(allExtensionNumbersOfType)) {
    return { allExtensionNumbersResponse: { baseTypeName: allExtensionNumbersOfType } };
  }
  if (allExtensionNumbersOfType !== null) return failed(status.NOT_FOUND, "There is no such type");
  if (request.fileContainingExtension !== null) return failed(status.NOT_FOUND, "There are no extensions");
  return failed(status.UNIMPLEMENTED, "The question is of a later version of the protocol");
}

/** A file with all that it imports, itself first. */
function filesFrom(file: DescribedFile | undefined, what: string): Answer {
  if (file === undefined) return failed(status.NOT_FOUND, `There is no such ${what}`);
  const files = new Set([file]);
  for (const { imports } of files) for (const name of imports) files.add(byName.get(name) as DescribedFile);
  const fileDescriptorProto = [...files].map(({ descriptor }) => Buffer.from(descriptor, "base64"));
  return { fileDescriptorResponse: { fileDescriptorProto } };
}

function failed(errorCode: number, errorMessage: string): Answer {
  return { errorResponse: { errorCode, errorMessage } };
}
