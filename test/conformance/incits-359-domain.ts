import { roleMatrix } from "../../cli/matrix/role-matrix.ts";
import { crds } from "../../crds/definitions.ts";
import { DomainCompiler } from "../../engine/compile/domain-compiler.ts";
import { decide } from "../../engine/decide/decide.ts";
import type { Outcome } from "../../engine/decide/decision.ts";
import { canGrant } from "../../engine/delegate/can-grant.ts";
import { findProblems } from "../../engine/diagnose/diagnose.ts";
import { listPermissions } from "../../engine/enumerate/list-permissions.ts";
import type { AccessConstraint, Kind, SidegateObject } from "../../engine/model/objects.generated.ts";
import type { World } from "../../engine/model/world.ts";
import { loadCompiled } from "../../engine/policy/load-compiled.ts";
import { createManifestValidator } from "../../engine/validate/manifest-validator.ts";
import { binding, build, DOMAIN, role } from "../worlds/build.ts";

/** Domain, organization and catalog that the functions of the standard are tried in. */
const stage: readonly SidegateObject[] = [
  build("PermissionCatalog", "files", {
    resources: [
      { name: "file", level: "Organization", verbs: [{ name: "read" }, { name: "write" }] },
      { name: "plan", level: "Organization", verbs: [{ name: "read" }] },
    ],
  }),
  build("Organization", "acme", {}),
];

const PLACE = "organization/acme";
const NOW = Date.parse("2026-01-01T00:00:00Z");
const validator = createManifestValidator(crds);

/** The objects of a domain as an administrator changes them, asked after every change. */
export class Domain {
  readonly #compiler = new DomainCompiler(DOMAIN);

  constructor(...objects: readonly SidegateObject[]) {
    this.put(...stage, ...objects);
  }

  /** What `kubectl apply` and `kubectl edit` do. */
  put(...objects: readonly SidegateObject[]): void {
    for (const object of objects) this.#compiler.put(object);
  }

  /** What `kubectl delete` does once nothing holds the object. */
  remove(kind: Kind, name: string): void {
    this.#compiler.remove(kind, name);
  }

  get world(): World {
    return this.#compiler.world;
  }

  /** CheckAccess in a session with these active roles; without any, all are. */
  check(user: string, permission: string, ...activeRoles: readonly string[]): Outcome {
    return decide(this.#policy, { ...this.#ask(user, activeRoles), permission }, NOW).outcome;
  }

  /** UserPermissions, or SessionPermissions. */
  permissions(user: string, ...activeRoles: readonly string[]): string[] {
    const held = listPermissions(this.#policy, this.#ask(user, activeRoles), NOW);
    return [...held].map(({ permission }) => permission);
  }

  /** RolePermissions, by the matrix of roles. */
  rolePermissions(name: string): string[] {
    const { cells } = roleMatrix(this.world, this.#policy, { roles: [name] });
    return cells.filter(({ allow }) => allow === "Always").map(({ permission }) => permission);
  }

  /** Whether somebody who may give every role may give this one. */
  mayAssign(user: string, name: string): boolean {
    const giver = role("giver", { grants: [{ roles: [name], levels: ["Organization"] }] });
    this.put(giver, ...assigned("root", "giver"), member("root"));
    const target = { kind: "User", name: user } as const;
    const answer = canGrant(
      this.#policy,
      { actor: this.#ask("root", []), verb: "Give", role: name, target },
      NOW,
    );
    return "allowed" in answer && answer.allowed;
  }

  /** The subjects of bindings of these roles. */
  usersOf(...roles: readonly string[]): string[] {
    const bindings = [...this.world.listLive("AccessRoleBinding")].filter(({ spec }) =>
      roles.includes(spec.role),
    );
    return [...new Set(bindings.flatMap(({ spec }) => spec.subjects.map(({ name }) => name)))].sort();
  }

  /** The roles of the user's bindings. */
  rolesOf(user: string): string[] {
    const bindings = [...this.world.listLive("AccessRoleBinding")];
    const own = bindings.filter(({ spec }) => spec.subjects.some(({ name }) => name === user));
    return [...new Set(own.map(({ spec }) => spec.role))].sort();
  }

  /** The reasons for which an object is not accepted. */
  problems(kind: Kind, name: string): string[] {
    const object = this.world.get(kind, name);
    return object === undefined ? [] : findProblems(this.world, object).map(({ reason }) => reason);
  }

  get #policy() {
    return loadCompiled(this.#compiler.compile({}));
  }

  #ask(user: string, activeRoles: readonly string[]) {
    return {
      subjectKind: "User",
      subjectName: user,
      groups: [],
      permission: "",
      scope: PLACE,
      resourceName: "",
      activeRoles,
    };
  }
}

/** AddUser. */
export function member(user: string, name = `acme-${user}`): SidegateObject {
  return build("Membership", name, { organization: "acme", subject: { kind: "User", name: user } });
}

/** AssignUser, for each of the roles. */
export function assigned(user: string, ...roles: readonly string[]): SidegateObject[] {
  return roles.map((name) => binding(`${user}-${name}`, name, `User:${user}`, PLACE));
}

/** A role that allows permissions and includes roles. */
export function allowing(name: string, permissions: readonly string[], includes: readonly string[] = []) {
  const rules = permissions.map((permission) => {
    const [type = "", verb = ""] = permission.split(":");
    return { resources: [type], verbs: [verb] };
  });
  return role(name, { rules, includes });
}

/** A set of separated roles. `atMost` is the standard's cardinality less one. */
export function separated(
  mode: "Static" | "Dynamic",
  roles: readonly string[],
  atMost = 1,
): AccessConstraint {
  return build("AccessConstraint", "set", { separationOfDuty: { roles, atMost, mode } });
}

/** Whether the API server takes an object, changed from another one if it is given. */
export function isTaken(object: SidegateObject): boolean {
  const { namespace: _, ...metadata } = object.metadata;
  return validator.validate({ ...object, metadata }).length === 0;
}
