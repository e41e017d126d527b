import type { Api } from "./api.ts";
import { badRequest, invalid, methodNotAllowed } from "./api-error.ts";
import { decodeObject } from "./decode-body.ts";
import { isObject, type JsonObject } from "./json.ts";
import { objectReply, type Reply } from "./reply.ts";
import type { ApiRequest } from "./request.ts";
import type { Reviews } from "./reviews.ts";
import { cause } from "./validate-metadata.ts";

/** Answers a review: it is created, and nothing is stored. Throws 400, 405, 422. */
export function answerReview(api: Api, request: ApiRequest): Reply {
  const { type, method } = request;
  if (method !== "POST") throw methodNotAllowed(type, method.toLowerCase());
  const review = decodeObject(request);
  const spec = isObject(review.spec) ? review.spec : {};
  const status =
    type.kind === "TokenReview" ? reviewToken(api.reviews, spec) : reviewAccess(api.reviews, spec);
  api.reviews.seen.push(spec);
  const { name, ...metadata } = review.metadata;
  return objectReply(
    { ...review, metadata: name ? { ...metadata, name } : metadata, spec, status },
    [],
    true,
  );
}

function reviewToken(reviews: Reviews, spec: JsonObject): JsonObject {
  const { token, audiences } = spec;
  if (typeof token !== "string" || token === "")
    throw badRequest("token is required for TokenReview in authentication");
  return reviews.authenticate(token, textsOf(audiences));
}

function reviewAccess(reviews: Reviews, spec: JsonObject): JsonObject {
  const { user, groups, resourceAttributes: asked } = spec;
  const name = typeof user === "string" ? user : "";
  if (name === "" && textsOf(groups).length === 0)
    throw refused("spec.user", 'Invalid value: "": at least one of user or group must be specified');
  if (isObject(asked)) return reviews.authorize(name, textsOf(groups), asked);
  const text =
    "Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified";
  throw refused("spec.resourceAttributes", text);
}

function refused(field: string, message: string) {
  return invalid("authorization.k8s.io", "SubjectAccessReview", "", [
    cause("FieldValueInvalid", field, message),
  ]);
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
