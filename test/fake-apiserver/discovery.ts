import type { Reply } from "./reply.ts";
import { apiVersionOf, pathOf, type ResourceType } from "./resource-type.ts";

const verbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

/** Answers the paths by which a client finds out what the server has; undefined for all others. */
export function discover(types: readonly ResourceType[], path: string): Reply | undefined {
  switch (path) {
    case "/healthz":
    case "/livez":
    case "/readyz":
      return { code: 200, body: "ok" };
    case "/version":
      return {
        code: 200,
        body: { major: "1", minor: "34", gitVersion: "v1.34.0-fake", platform: "linux/amd64" },
      };
    case "/api":
      return { code: 200, body: { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [] } };
    case "/apis":
      return {
        code: 200,
        body: {
          kind: "APIGroupList",
          apiVersion: "v1",
          groups: groupsOf(types).map((group) => groupBody(types, group)),
        },
      };
  }
  const group = groupsOf(types).find((name) => path === `/apis/${name}`);
  if (group !== undefined)
    return { code: 200, body: { kind: "APIGroup", apiVersion: "v1", ...groupBody(types, group) } };
  const members = types.filter((type) => path === pathOf(type.group, type.version));
  return members.length === 0 ? undefined : { code: 200, body: resourceList(members) };
}

function groupsOf(types: readonly ResourceType[]): string[] {
  return [...new Set(types.map((type) => type.group))].filter((group) => group !== "");
}

function groupBody(types: readonly ResourceType[], group: string) {
  const members = types.filter((type) => type.group === group);
  const versions = [...new Set(members.map((type) => type.version))].map((version) => ({
    groupVersion: `${group}/${version}`,
    version,
  }));
  return { name: group, versions, preferredVersion: versions[0] };
}

function resourceList(members: readonly ResourceType[]) {
  const resources = members.flatMap((type) => {
    const { plural, singular, namespaced, kind, shortNames, categories } = type;
    const whole = {
      name: plural,
      singularName: singular,
      namespaced,
      kind,
      verbs: type.isReview ? ["create"] : verbs,
      ...(shortNames.length > 0 && { shortNames }),
      ...(categories.length > 0 && { categories }),
    };
    const status = {
      name: `${plural}/status`,
      singularName: "",
      namespaced,
      kind,
      verbs: ["get", "patch", "update"],
    };
    return type.hasStatus ? [whole, status] : [whole];
  });
  const groupVersion = apiVersionOf(members[0] as ResourceType);
  return { kind: "APIResourceList", apiVersion: "v1", groupVersion, resources };
}
