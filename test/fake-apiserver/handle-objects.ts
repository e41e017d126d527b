import { answerReview } from "./answer-review.ts";
import { type Api, load } from "./api.ts";
import { badRequest, conflict, methodNotAllowed, notFound } from "./api-error.ts";
import { decodeObject } from "./decode-body.ts";
import { deleteObject, deleteOptionsOf } from "./delete.ts";
import { type KubeObject, keyOf } from "./kube-object.ts";
import { listPage, revisionOf } from "./list.ts";
import { patchObject } from "./patch.ts";
import { printTable, wantsTable } from "./printed-table.ts";
import { deletedReply, listReply, objectReply, type Reply, tableReply } from "./reply.ts";
import type { ApiRequest } from "./request.ts";
import type { Subresource } from "./resource-type.ts";
import { createObject, updateObject } from "./write.ts";
import { writeOptionsOf } from "./write-options.ts";

const verbs: Readonly<Record<string, string>> = {
  GET: "get",
  POST: "create",
  PUT: "update",
  PATCH: "patch",
  DELETE: "delete",
};

/** Answers all requests for objects but watches. Throws ApiError. */
export function handleObjects(api: Api, request: ApiRequest): Reply {
  const { type, name, subresource, method } = request;
  if (type.isReview) return answerReview(api, request);
  if (!(method in verbs)) throw methodNotAllowed(type, method.toLowerCase());
  if (name === undefined) return onCollection(api, request);
  if (subresource === undefined) return onObject(api, request, name);
  const finalizes = subresource === "finalize" && type.plural === "namespaces";
  if (!(subresource === "status" && type.hasStatus) && !finalizes) throw notFound(type, name);
  if (method === "POST" || method === "DELETE") throw methodNotAllowed(type, verbs[method] as string);
  return onObject(api, request, name);
}

function onCollection(api: Api, request: ApiRequest): Reply {
  const { type, namespace, method } = request;
  if (method === "GET") {
    const page = listPage(api, request);
    return wantsTable(request.accept) ? tableReply(type, page, api.now()) : listReply(type, page);
  }
  if (method === "POST") return create(api, request);
  if (method !== "DELETE") throw badRequest("name must be provided");
  const options = deleteOptionsOf(request.body, request.query);
  const page = listPage(api, request);
  for (const object of page.items) {
    const { name, namespace: own } = object.metadata;
    deleteObject(api, type, namespace ?? own, name, options);
  }
  return listReply(type, { ...page, resourceVersion: String(api.store.revision) });
}

function create(api: Api, request: ApiRequest): Reply {
  const options = writeOptionsOf("CreateOptions", request.query, request.userAgent);
  const written = createObject(api, request.type, decodeObject(request), options);
  return objectReply(written.object, written.warnings, true);
}

function onObject(api: Api, request: ApiRequest, name: string): Reply {
  switch (request.method) {
    case "GET": {
      const object = read(api, request, name);
      if (!wantsTable(request.accept)) return objectReply(object);
      const { resourceVersion } = object.metadata;
      return objectReply(printTable(request.type, [object], { resourceVersion }, api.now()));
    }
    case "POST":
      return create(api, request);
    case "PUT":
      return update(api, request, name);
    case "PATCH": {
      const written = patchObject(api, request);
      return objectReply(written.object, written.warnings, written.created);
    }
    default: {
      const options = deleteOptionsOf(request.body, request.query);
      const deleted = deleteObject(api, request.type, request.namespace, name, options);
      return deleted.gone ? deletedReply(request.type, deleted.object) : objectReply(deleted.object);
    }
  }
}

function read(api: Api, request: ApiRequest, name: string): KubeObject {
  revisionOf(api, request.query);
  const object = load(api, request.type, keyOf(request.namespace, name));
  if (object === undefined) throw notFound(request.type, name);
  return object;
}

function update(api: Api, request: ApiRequest, name: string): Reply {
  const { type, namespace } = request;
  const options = writeOptionsOf("UpdateOptions", request.query, request.userAgent);
  const body = decodeObject(request);
  const current = load(api, type, keyOf(namespace, name));
  const { uid } = body.metadata;
  if (current !== undefined && uid && uid !== current.metadata.uid) {
    const text = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${current.metadata.uid}`;
    throw conflict(type, name, text);
  }
  if (current === undefined && type.createOnUpdate) {
    const written = createObject(api, type, body, options);
    return objectReply(written.object, written.warnings, true);
  }
  const target = { type, namespace, name, subresource: request.subresource as Subresource };
  const written = updateObject(api, target, options, () => ({ object: body }));
  return objectReply(written.object, written.warnings);
}
