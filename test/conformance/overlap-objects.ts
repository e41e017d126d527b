import { decide } from "../../engine/decide/decide.ts";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import { loadCompiled } from "../../engine/policy/load-compiled.ts";
import { compile } from "../properties/engine.ts";
import { binding, build } from "../worlds/build.ts";
import type { OverlapRequest, OverlapWorld } from "./overlap.ts";

/** What is decided: a request is denied by a Deny rule or for want of an Allow rule. */
export type Answer = "Allowed" | "ExplicitDeny" | "NoGrant";

/** Decides the requests with Sidegate's engine. */
export function askSidegate(world: OverlapWorld, requests: readonly OverlapRequest[]): Answer[] {
  const policy = loadCompiled(compile(toObjects(world)));
  return requests.map(({ user, groups, type, verb, scope, name }) => {
    const subject = { subjectKind: "User", subjectName: user, groups, activeRoles: [] };
    const asked = { ...subject, permission: `${type}:${verb}`, scope, resourceName: name };
    return decide(policy, asked, 0).outcome as Answer;
  });
}

/** The world as manifests. */
export function toObjects(world: OverlapWorld): SidegateObject[] {
  return [
    build("AccessDomain", "default", { membership: world.membership }),
    build("PermissionCatalog", "catalog", {
      resources: world.types.map(({ name, level, verbs }) => ({
        ...{ name, level },
        verbs: Object.entries(verbs).map(([verb, implies]) => ({ name: verb, implies })),
      })),
    }),
    ...Object.entries(world.parents).map(([scope, parent]) => toScope(scope, parent)),
    ...world.roles.map(({ name, ...spec }) => build("AccessRole", name, spec)),
    ...Object.entries(world.groups).map(([name, members]) =>
      build("AccessGroup", name, { members: members.map(toReference) }),
    ),
    ...world.bindings.map(({ role, subjects, scope }, index) =>
      binding(`binding-${index}`, role, subjects, scope),
    ),
    ...Object.entries(world.members).flatMap(([user, organizations]) =>
      organizations.map((scope) =>
        build("Membership", `${user}-${nameOf(scope)}`, {
          ...{ organization: nameOf(scope), subject: { kind: "User", name: user } },
        }),
      ),
    ),
  ];
}

function toScope(scope: string, parent: string): SidegateObject {
  const [kind, name] = [scope.split("/")[0], nameOf(scope)];
  if (kind === "organization") return build("Organization", name, {});
  if (kind === "workspace") return build("Workspace", name, { organization: nameOf(parent) });
  const place = parent.startsWith("workspace/") ? "workspace" : "organization";
  return build("Environment", name, { [place]: nameOf(parent) });
}

function toReference(text: string) {
  const [kind, name] = text.split(":") as ["User" | "Group" | "AccessGroup", string];
  return { kind, name };
}

function nameOf(scope: string): string {
  return scope.split("/")[1]!;
}
