import type { Api } from "./api.ts";
import { ApiError, badRequest, failure, invalidOptions, unsupportedMediaType } from "./api-error.ts";
import { applyObject } from "./apply.ts";
import { checkObject, mediaType } from "./decode-body.ts";
import { isObject, type JsonObject } from "./json.ts";
import { JsonPatchError, jsonPatch } from "./json-patch.ts";
import { mergePatch } from "./merge-patch.ts";
import type { ApiRequest } from "./request.ts";
import type { Subresource } from "./resource-type.ts";
import { strategicMergePatch } from "./strategic-merge-patch.ts";
import { updateObject, type Written } from "./write.ts";
import { writeOptionsOf } from "./write-options.ts";

const JSON_PATCH = "application/json-patch+json";
const MERGE_PATCH = "application/merge-patch+json";
const STRATEGIC_PATCH = "application/strategic-merge-patch+json";
const APPLY_PATCH = "application/apply-patch+yaml";

/** Changes an object by a patch of any kind that its type takes. Throws 400, 404, 409, 415, 422. */
export function patchObject(api: Api, request: ApiRequest): Written {
  const media = mediaType(request.contentType);
  const accepted = [JSON_PATCH, MERGE_PATCH, ...(request.type.custom ? [] : [STRATEGIC_PATCH]), APPLY_PATCH];
  if (!accepted.includes(media)) throw unsupportedMediaType(accepted);
  if (media === APPLY_PATCH) return applyObject(api, request);
  const options = writeOptionsOf("PatchOptions", request.query, request.userAgent);
  if (request.query.has("force")) {
    const text = "Forbidden: may not be specified for non-apply patch";
    throw invalidOptions("PatchOptions", "force", "FieldValueForbidden", text);
  }
  const patch = parsePatch(request.body.toString("utf8"));
  const { type, namespace, subresource } = request;
  const target = { type, namespace, name: request.name as string, subresource: subresource as Subresource };
  return updateObject(api, target, options, (current) => {
    return { object: checkObject(request, applyPatch(media, current, patch)) };
  });
}

function parsePatch(text: string): unknown {
  let patch: unknown;
  try {
    patch = JSON.parse(text);
  } catch (error) {
    throw badRequest(`error decoding patch: ${(error as Error).message}`);
  }
  if (!isObject(patch) && !Array.isArray(patch))
    throw badRequest("error decoding patch: neither object nor list");
  return patch;
}

function applyPatch(media: string, current: JsonObject, patch: unknown): JsonObject {
  if (media === JSON_PATCH) return byOperations(current, patch);
  if (!isObject(patch)) throw badRequest("error decoding patch: the patch is no object");
  return media === MERGE_PATCH
    ? (mergePatch(current, patch) as JsonObject)
    : strategicMergePatch(current, patch);
}

function byOperations(current: JsonObject, patch: unknown): JsonObject {
  if (!Array.isArray(patch)) throw badRequest("error decoding patch: a JSON patch is a list");
  try {
    const result = jsonPatch(current, patch);
    if (isObject(result) && typeof result.kind === "string") return result;
  } catch (error) {
    if (!(error instanceof JsonPatchError)) throw error;
  }
  throw new ApiError(
    failure(422, "Invalid", "the server rejected our request due to an error in our request", {}),
  );
}
