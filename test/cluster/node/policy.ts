import type { Question } from "./asker/questions.ts";

const apiVersion = "sidegate.dev/v1alpha1";
const user = (name: string) => ({ kind: "User", name });

/** A binding of a role to users in the environment `prod` of the suites' domain, or at its organization. */
export function binding(name: string, role: string, users: readonly string[], scope?: object) {
  return {
    apiVersion,
    kind: "AccessRoleBinding",
    metadata: { name },
    spec: { role, subjects: users.map(user), scope: scope ?? { kind: "Environment", name: "prod" } },
  };
}

export const acme = { kind: "Organization", name: "acme" };

/** A user of the organization. */
export function membership(name: string) {
  const spec = { organization: "acme", subject: user(name) };
  return { apiVersion, kind: "Membership", metadata: { name: `acme-${name.replace(":", "-")}` }, spec };
}

function role(name: string, spec: object) {
  const anywhere = ["Organization", "Environment"];
  return {
    apiVersion,
    kind: "AccessRole",
    metadata: { name },
    spec: { assignableAt: anywhere, rules: [], ...spec },
  };
}

const rule = (...verbs: string[]) => ({ resources: ["logs"], verbs });

/**
 * The domain of the suites: an organization with an environment, where ann is the owner and may view logs, and bob checks what others
 * make. In no order that would help.
 *
 * @param maxSeconds the staleness bound
 */
export function policy(maxSeconds = 300): object[] {
  return [
    binding("ann-views", "viewer", ["ann"]),
    binding("ann-owns", "owner", ["ann"], acme),
    binding("bob-checks", "checker", ["bob"]),
    ...["ann", "bob", "cleo", "k8s:erin", "k8s:olivia"].map(membership),
    role("viewer", { rules: [rule("view")] }),
    role("maker", { rules: [rule("retry")] }),
    role("checker", {}),
    role("owner", { grants: [{ roles: ["viewer"], levels: ["Environment"] }] }),
    {
      apiVersion,
      kind: "AccessConstraint",
      metadata: { name: "four-eyes" },
      spec: { separationOfDuty: { roles: ["maker", "checker"] } },
    },
    {
      apiVersion,
      kind: "AccessConstraint",
      metadata: { name: "owned" },
      spec: { minHolders: { role: "owner", level: "Organization", count: 1 } },
    },
    {
      apiVersion,
      kind: "Environment",
      metadata: { name: "prod" },
      spec: { organization: "acme", type: "production" },
    },
    { apiVersion, kind: "Organization", metadata: { name: "acme" }, spec: { displayName: "Acme" } },
    {
      apiVersion,
      kind: "PermissionCatalog",
      metadata: { name: "logs" },
      spec: {
        resources: [{ name: "logs", level: "Environment", verbs: [{ name: "view" }, { name: "retry" }] }],
      },
    },
    {
      apiVersion,
      kind: "AccessDomain",
      metadata: { name: "default" },
      spec: { staleness: { maxSeconds, then: "Error" } },
    },
  ];
}

/** May somebody view the logs of prod? */
export function mayView(subject: string): Question {
  return { subject, permission: "logs:view", scope: "environment/prod" };
}

/** Questions that no suite changes the answers of. */
export const steady = [
  { ...mayView("ann"), allowed: true },
  { ...mayView("mallory"), allowed: false },
];
