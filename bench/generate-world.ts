import {
  apiVersion,
  type Kind,
  type ObjectOf,
  type SidegateObject,
} from "../engine/model/objects.generated.ts";

export interface WorldSize {
  readonly organizations: number;
  /** Bindings, spread evenly over the organizations. */
  readonly bindings: number;
}

/** Bindings per member of an organization. */
const PER_MEMBER = 4;
const ENVIRONMENTS = ["development", "staging", "production"] as const;
const ROLES = ["viewer", "operator", "editor", "admin"] as const;
const DOMAIN = "bench";

/**
 * A domain of the given size, always the same for the same size: each organization has three environments, and one member
 * for every four bindings, who has a role at the organization and at each environment.
 */
export function* generateWorld({ organizations, bindings }: WorldSize): Generator<SidegateObject> {
  yield build("PermissionCatalog", "bench", {
    resources: [
      {
        name: "logs",
        level: "Environment",
        verbs: [{ name: "manage", implies: ["view"] }, { name: "view" }, { name: "export" }],
      },
      {
        name: "database",
        level: "Environment",
        verbs: [{ name: "read" }, { name: "write", implies: ["read"] }],
      },
      { name: "billing", level: "Organization", verbs: [{ name: "view" }] },
    ],
  });
  yield role("viewer", [{ resources: ["logs"], verbs: ["view"] }]);
  yield role("operator", [{ resources: ["logs"], verbs: ["manage"] }], ["viewer"]);
  yield role("editor", [{ resources: ["database"], verbs: ["write"] }], ["viewer"]);
  yield role("admin", [{ resources: ["*"], verbs: ["*"] }]);
  const members = Math.ceil(bindings / organizations / PER_MEMBER);
  for (let o = 0; o < organizations; o++) yield* organization(o, members);
}

function* organization(number: number, members: number): Generator<SidegateObject> {
  const name = organizationName(number);
  yield build("Organization", name, {});
  for (const type of ENVIRONMENTS)
    yield build("Environment", `${name}-${type}`, { organization: name, type });
  for (let m = 0; m < members; m++) {
    const user = userName(number, m);
    const subject = { kind: "User", name: user } as const;
    yield build("Membership", user, { organization: name, subject });
    for (let b = 0; b < PER_MEMBER; b++) {
      const type = ENVIRONMENTS[b - 1];
      yield build("AccessRoleBinding", `${user}-${b}`, {
        role: ROLES[(m + b) % ROLES.length]!,
        subjects: [subject],
        scope:
          type === undefined
            ? { kind: "Organization", name }
            : { kind: "Environment", name: `${name}-${type}` },
      });
    }
  }
}

export const organizationName = (number: number): string => `org-${number}`;
export const userName = (organization: number, member: number): string => `user-${organization}-${member}`;

function role(
  name: string,
  rules: NonNullable<ObjectOf<"AccessRole">["spec"]["rules"]>,
  includes: string[] = [],
): SidegateObject {
  return build("AccessRole", name, { assignableAt: ["Organization", "Environment"], rules, includes });
}

function build<K extends Kind>(kind: K, name: string, spec: ObjectOf<K>["spec"]): ObjectOf<K> {
  return { apiVersion, kind, metadata: { name, namespace: DOMAIN }, spec } as ObjectOf<K>;
}
