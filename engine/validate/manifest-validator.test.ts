import { expect, test } from "vitest";
import { crds } from "../../crds/definitions.ts";
import { formatProblem } from "./manifest-problem.ts";
import { createManifestValidator } from "./manifest-validator.ts";

const validator = createManifestValidator(crds);

const binding = {
  apiVersion: "sidegate.dev/v1alpha1",
  kind: "AccessRoleBinding",
  metadata: { name: "alice", namespace: "shop" },
  spec: { role: "owner", subjects: [{ kind: "User", name: "alice" }], scope: { kind: "Platform" } },
};

test("a misspelt scope is named, with what was meant, beside the scope that is missing", () => {
  const { scope, ...spec } = binding.spec;
  const problems = validator.validate({ ...binding, spec: { ...spec, scpoe: scope } });
  expect(problems.map(formatProblem)).toEqual([
    'AccessRoleBinding shop/alice: spec.scpoe: there is no field "scpoe"; did you mean scope?',
    "AccessRoleBinding shop/alice: spec.scope: is missing; add it (Where the role is given)",
  ]);
});

test.each<[string, object, string]>([
  [
    "a field beside the spec that belongs into it",
    { ...binding, role: "x" },
    'role: there is no field "role"; did you mean spec.role?',
  ],
  [
    "a name without quotes",
    { ...binding, metadata: { name: 5 } },
    'metadata.name: is the number 5 where a string belongs; put it in quotes: "5"',
  ],
  [
    "generateName",
    { ...binding, metadata: { generateName: "a-" } },
    "metadata.name: is missing; generateName works with `kubectl create` only; give the object a name",
  ],
  [
    "another API's object",
    { apiVersion: "v1", kind: "Secret" },
    'apiVersion: "v1" is not known; Sidegate\'s objects have sidegate.dev/v1alpha1',
  ],
  [
    "a misspelt apiVersion",
    { ...binding, apiVersion: "sidegate.dev/v1alpha" },
    'apiVersion: "sidegate.dev/v1alpha" is not known; write sidegate.dev/v1alpha1',
  ],
  [
    "a misspelt kind",
    { ...binding, kind: "AccessRoleBindings" },
    'kind: "AccessRoleBindings" is not known; did you mean AccessRoleBinding?',
  ],
  [
    "the kind of another system",
    { ...binding, kind: "RoleGrant" },
    "the kinds are AccessDomain, PermissionCatalog,",
  ],
])("%s is told with the remedy", (_, manifest, expected) => {
  const [problem] = validator.validate(manifest);
  expect(problem && formatProblem(problem)).toContain(expected);
});

test("a new object comes out without what only the API server sets", () => {
  const exported = {
    ...binding,
    metadata: {
      ...binding.metadata,
      uid: "1",
      generation: 3,
      creationTimestamp: "2026-01-01T00:00:00Z",
      deletionTimestamp: "2026-01-01T00:00:00Z",
    },
    status: { observedGeneration: 3 },
  };
  expect(validator.check(exported)).toEqual({ object: binding, problems: [] });
});

test("a changed object keeps its identity and its status", () => {
  const kept = { uid: "1", resourceVersion: "5", generation: 3 };
  const { object: old } = validator.check(binding);
  const stored = { ...old, metadata: { ...binding.metadata, ...kept }, status: { observedGeneration: 3 } };
  const changed = { ...binding, spec: { ...binding.spec, role: "admin" }, status: { observedGeneration: 1 } };
  expect(validator.check(changed, stored as unknown as NonNullable<typeof old>)).toEqual({
    object: { ...binding, metadata: stored.metadata, spec: changed.spec, status: stored.status },
    problems: [],
  });
});

test("an immutable field is told by its own code", () => {
  const group = { ...binding, kind: "AccessGroup", spec: { organization: "acme" } };
  const { object } = validator.check(group);
  expect(validator.validate({ ...group, spec: {} }, object)).toMatchObject([
    { code: "SG1007", path: "spec.organization", object: "AccessGroup shop/alice" },
  ]);
});

test("an object of another kind is no earlier state of this one", () => {
  const { object } = validator.check({ ...binding, kind: "AccessGroup", spec: { organization: "acme" } });
  expect(validator.validate(binding, object)).toEqual([]);
});

test("defaults are filled in", () => {
  const domain = {
    apiVersion: "sidegate.dev/v1alpha1",
    kind: "AccessDomain",
    metadata: { name: "default" },
    spec: {},
  } as const;
  expect(validator.applyDefaults(domain).spec).toEqual({
    membership: "Required",
    staleness: { maxSeconds: 300, then: "Deny" },
  });
});

test("a definition of another version is refused when the validator is made", () => {
  const [first, ...others] = crds;
  const versions = first!.spec.versions.map((version) => ({ ...version, name: "v2" }));
  expect(() =>
    createManifestValidator([{ ...first!, spec: { ...first!.spec, versions } }, ...others]),
  ).toThrow("accessdomains.sidegate.dev does not serve sidegate.dev/v1alpha1");
});
