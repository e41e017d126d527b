import { run } from "../../support/run.ts";

const group = "apiVersion: sidegate.dev/v1alpha1";

/** One object at least of each kind that the preset lacks, one more default role's owner to leave, and a constraint to break. */
const more = `
${group}
kind: Workspace
metadata: { name: plant }
spec: { organization: acme, displayName: Plant }
---
${group}
kind: AccessGroup
metadata: { name: night-shift }
spec: { members: [{ kind: User, name: elena }] }
---
${group}
kind: TokenPolicy
metadata: { name: gateway }
spec:
  issuer: https://gateway.example
  audiences: [shop]
  keys: { jwksURL: "http://127.0.0.1:9/keys" }
  narrowing: { claim: scope, selectors: [{ pattern: "integration:[name]", attribute: integration }] }
---
${group}
kind: Membership
metadata: { name: acme-nora }
spec: { organization: acme, subject: { kind: User, name: nora } }
---
${group}
kind: AccessRole
metadata: { name: passing }
spec: { assignableAt: [Organization], rules: [{ resources: [audit-events], verbs: [review] }] }
---
${group}
kind: AccessRoleBinding
metadata: { name: elena-passes }
spec: { role: passing, subjects: [{ kind: User, name: elena }], scope: { kind: Organization, name: acme } }
---
${group}
kind: AccessConstraint
metadata: { name: staffed }
spec: { minHolders: { role: owner, level: Organization, count: 1 } }
`;

const pod = `
apiVersion: v1
kind: Pod
metadata: { name: asker, labels: { sidegate.dev/inject: "true" } }
spec:
  terminationGracePeriodSeconds: 1
  containers:
    - name: asker
      image: ${process.env.SIDEGATE_IMAGE}
      imagePullPolicy: IfNotPresent
      args: [sidecar, --operator=127.0.0.1:9, --domain=none, "--listen=127.0.0.1:9430"]
`;

/**
 * Makes the installed operator do what it does in its life, in a namespace of its own: conditions and finalizers of all kinds, default
 * roles, joining and leaving, events, webhooks, a pod with a sidecar, and the end of the namespace.
 */
export async function exerciseOperator(namespace: string): Promise<void> {
  const kubectl = (commandLine: string, input = "") =>
    run("kubectl", ["--namespace", namespace, ...commandLine.split(" ")], { input });
  await kubectl(`create namespace ${namespace}`);
  const sync = [
    "rolebinding",
    "sync",
    "--clusterrole=sidegate-sync",
    `--group=system:serviceaccounts:${namespace}`,
  ];
  await kubectl(`create ${sync.join(" ")}`);
  await kubectl("apply -f presets/redox");
  await kubectl("apply -f -", more);
  await kubectl("wait --for=condition=Accepted accessrolebindings --all --timeout=60s");
  await kubectl(
    "wait --for=condition=Accepted accessdomains,organizations,memberships,workspaces --all --timeout=60s",
  );
  // Broken twice alike, which is one event with a count.
  for (const [count, satisfied] of [
    [50, "false"],
    [1, "true"],
    [50, "false"],
  ]) {
    const spec = JSON.stringify({ spec: { minHolders: { count } } });
    await kubectl(`patch accessconstraint staffed --type=merge --patch=${spec}`);
    await kubectl(`wait --for=condition=Satisfied=${satisfied} accessconstraint/staffed --timeout=60s`);
  }
  await kubectl(
    "wait --for=jsonpath={.series.count}=2 events.events.k8s.io --all --field-selector=reason=TooFewHolders --timeout=60s",
  );
  await kubectl("apply -f -", pod);
  await kubectl("wait --for=condition=Ready pod/asker --timeout=60s");
  // Who leaves loses the roles that joining gave.
  await kubectl("delete membership acme-nora --timeout=60s");
  // In use until the binding goes.
  await kubectl("delete accessrole passing --wait=false");
  await kubectl("delete accessrolebinding elena-passes --timeout=60s");
  await kubectl("wait --for=delete accessrole/passing --timeout=60s");
  await kubectl("delete tokenpolicies,accessgroups --all --timeout=60s");
  await kubectl("delete permissioncatalogs,workspaces,environments --all --wait=false");
  await kubectl("delete pod asker --timeout=60s");
  await kubectl(`delete namespace ${namespace} --timeout=90s`);
}
