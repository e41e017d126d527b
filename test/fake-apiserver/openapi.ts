import type { JsonObject } from "./json.ts";
import type { Reply } from "./reply.ts";
import { apiVersionOf, pathOf, type ResourceType } from "./resource-type.ts";

const writeOptions = ["dryRun", "fieldManager", "fieldValidation"].map((name) => ({
  name,
  in: "query",
  schema: { type: "string", uniqueItems: true },
}));

/**
 * Answers the paths of OpenAPI v3, as far as `kubectl apply` (does the server check fields?) and `kubectl explain` read
 * them; undefined for all others.
 */
export function describeOpenApi(types: readonly ResourceType[], path: string): Reply | undefined {
  const groupPaths = [...new Set(types.map(({ group, version }) => pathOf(group, version)))];
  if (path === "/openapi/v3") {
    const paths = groupPaths.map((group) => [
      group.slice(1),
      { serverRelativeURL: `/openapi/v3${group}?hash=0` },
    ]);
    return { code: 200, body: { paths: Object.fromEntries(paths) } };
  }
  const group = groupPaths.find((candidate) => path === `/openapi/v3${candidate}`);
  if (group === undefined) return undefined;
  const members = types.filter((type) => pathOf(type.group, type.version) === group);
  const info = { title: "Kubernetes", version: "v1.34.0-fake" };
  const paths = Object.fromEntries(members.map((type) => [objectPath(type), operations(type)]));
  const schemas = Object.fromEntries(members.map((type) => [schemaName(type), schemaOf(type)]));
  return { code: 200, body: { openapi: "3.0.0", info, paths, components: { schemas } } };
}

function objectPath(type: ResourceType): string {
  const namespace = type.namespaced ? "/namespaces/{namespace}" : "";
  return `${pathOf(type.group, type.version)}${namespace}/${type.plural}/{name}`;
}

function operations(type: ResourceType): JsonObject {
  const schema = { $ref: `#/components/schemas/${schemaName(type)}` };
  const operation = (action: string, parameters: readonly object[]): JsonObject => ({
    parameters,
    responses: { 200: { description: "OK", content: { "application/json": { schema } } } },
    "x-kubernetes-action": action,
    "x-kubernetes-group-version-kind": identity(type),
  });
  return {
    get: operation("get", []),
    put: operation("put", writeOptions),
    patch: operation("patch", writeOptions),
  };
}

function identity({ group, version, kind }: ResourceType): JsonObject {
  return { group, version, kind };
}

/** "dev.sidegate.v1alpha1.Membership" */
function schemaName(type: ResourceType): string {
  const group = apiVersionOf(type).split("/")[0] as string;
  const reversed = type.group === "" ? ["core"] : group.split(".").reverse();
  return [...reversed, type.version, type.kind].join(".");
}

function schemaOf(type: ResourceType): JsonObject {
  return { ...type.schema, "x-kubernetes-group-version-kind": [identity(type)] };
}
