import { parse as parseYaml } from "yaml";
import { badRequest, invalid, unsupportedMediaType } from "./api-error.ts";
import { findWrongType } from "./check-types.ts";
import { isObject, type JsonObject } from "./json.ts";
import type { KubeObject, ObjectMeta } from "./kube-object.ts";
import { objectMetaSchema } from "./object-meta-schema.ts";
import type { ApiRequest } from "./request.ts";
import { apiVersionOf, type ResourceType } from "./resource-type.ts";
import { cause } from "./validate-metadata.ts";

/** "application/json" of "application/json; charset=utf-8". */
export function mediaType(header: string): string {
  return (header.split(";")[0] as string).trim().toLowerCase();
}

/** Reads the object in the body of a create or update. Throws 400, 415, 422. */
export function decodeObject(request: ApiRequest): KubeObject {
  const type = mediaType(request.contentType);
  const text = request.body.toString("utf8");
  if (type === "application/yaml") return checkObject(request, parseText(request.type, text, parseYaml));
  if (type === "application/json" || type === "")
    return checkObject(request, parseText(request.type, text, JSON.parse));
  throw unsupportedMediaType(["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"]);
}

function parseText(type: ResourceType, text: string, parse: (text: string) => unknown): JsonObject {
  const problem = (what: string) =>
    badRequest(`the object provided is unrecognized (must be of type ${type.kind}): ${what}`);
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    throw problem(`couldn't get version/kind; json parse error: ${(error as Error).message}`);
  }
  if (!isObject(value)) throw problem("couldn't get version/kind; json parse error: the body is no object");
  // Kinds that are built in are known by their path.
  if (!type.custom) {
    value.kind ??= type.kind;
    value.apiVersion ??= apiVersionOf(type);
  }
  if (typeof value.kind !== "string" || value.kind === "")
    throw problem(`Object 'Kind' is missing in '${text}'`);
  if (typeof value.apiVersion !== "string") throw problem(`Object 'apiVersion' is missing in '${text}'`);
  return value;
}

/** Makes sure that an object is of the kind, the namespace and the name that its address says. */
export function checkObject(request: ApiRequest, value: JsonObject): KubeObject {
  const { type, namespace, name } = request;
  const expected = apiVersionOf(type);
  if (value.apiVersion !== expected) {
    const text = `the API version in the data (${value.apiVersion}) does not match the expected API version (${expected})`;
    throw badRequest(text);
  }
  const problem = findWrongType(value.metadata, objectMetaSchema, "metadata");
  if (problem !== undefined) {
    throw badRequest(
      `${type.kind} in version "${type.version}" cannot be handled as a ${type.kind}: ${problem}`,
    );
  }
  const metadata = (value.metadata ?? {}) as ObjectMeta;
  if (value.kind !== type.kind) {
    const text = `Invalid value: ${JSON.stringify(value.kind)}: must be ${type.kind}`;
    throw invalid(type.group, String(value.kind), metadata.name ?? "", [
      cause("FieldValueInvalid", "kind", text),
    ]);
  }
  if (type.namespaced) {
    metadata.namespace ||= namespace as string;
    if (metadata.namespace !== namespace) {
      throw badRequest(
        "the namespace of the provided object does not match the namespace sent on the request",
      );
    }
  } else delete metadata.namespace;
  if (name !== undefined) {
    if (!metadata.name) {
      throw badRequest(
        `the name of the object (${name} based on URL) was undeterminable: name must be provided`,
      );
    }
    if (metadata.name !== name) {
      throw badRequest(
        `the name of the object (${metadata.name}) does not match the name on the URL (${name})`,
      );
    }
  }
  value.metadata = metadata;
  return value as KubeObject;
}

/** Whether a client takes JSON. */
export function acceptsJson(header: string): boolean {
  const types = header.split(",").map(mediaType);
  return (
    header === "" ||
    types.some((type) => type === "*/*" || type === "application/*" || type === "application/json")
  );
}
