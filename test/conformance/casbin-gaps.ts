import {
  type CallStep,
  type CasbinDefinitions,
  type CasbinRow,
  type CasbinStep,
  type CasbinTest,
  isEnforce,
  isLoad,
  type LoadStep,
} from "./casbin-data.ts";

/** What the loads of all tests have between them: models and policies by their files. */
class Files {
  readonly #loads: readonly LoadStep[];

  constructor(tests: readonly CasbinTest[]) {
    this.#loads = tests.flatMap(({ steps }) => steps.filter(isLoad));
  }

  model(name: string): CasbinDefinitions {
    return this.#loads.find(({ modelFile }) => modelFile === `examples/${name}.conf`)!.model;
  }

  policy(name: string): readonly CasbinRow[] {
    return this.#loads.find(({ policyFile }) => policyFile === `examples/${name}.csv`)!.policy!;
  }

  load(model: string | CasbinDefinitions, policy?: string): LoadStep {
    return {
      op: "load",
      model: typeof model === "string" ? this.model(model) : model,
      ...(policy !== undefined && { policy: this.policy(policy) }),
    };
  }
}

type Fill = (steps: CasbinStep[], files: Files) => readonly CasbinStep[];

/**
 * The data was taken from the source of casbin's tests mechanically: it has literals alone, so models that a program builds,
 * numbers, booleans and names of functions are missing. This fills in what the tests at that commit have there.
 */
export function fillGaps(tests: readonly CasbinTest[]): CasbinTest[] {
  const files = new Files(tests);
  return tests.map(({ test, steps }) => ({ test, steps: gaps[test]?.([...steps], files) ?? steps }));
}

const inMemory: Fill = (steps, files) => [files.load("rbac_model"), ...steps];
const keyMatch: Fill = (steps, files) => [files.load("keymatch_model", "keymatch_policy"), ...steps];

const gaps: Readonly<Record<string, Fill>> = {
  TestRBACModelInMemory: inMemory,
  TestRBACModelInMemory2: inMemory,
  TestNotUsedRBACModelInMemory: inMemory,
  TestRBACModelInMemoryIndeterminate: inMemory,
  TestKeyMatchModelInMemory: keyMatch,
  TestInitEmpty: (steps, files) => keyMatch(steps.filter(isEnforce), files),
  TestKeyMatchModelInMemoryDeny: (steps, files) => [
    files.load({ ...files.model("keymatch_model"), e: "!some(where (p.eft == deny))" }, "keymatch_policy"),
    ...steps,
  ],
  TestInitWithAdapter: (steps, files) => reload(steps, files.load("basic_model", "basic_policy")),
  TestRBACModelWithDomainsAtRuntimeMockAdapter: (steps, files) =>
    withFieldIndex(reload(steps, files.load("rbac_with_domains_model", "rbac_with_domains_policy"))),
  TestRBACModelWithDomainsAtRuntime: (steps) => withFieldIndex(steps),
  // The lines of these models go on after a backslash.
  TestRBACModelInMultiLines: (steps, files) => reload(steps, files.load("rbac_model", "rbac_policy")),
  TestConditional: (steps) =>
    steps.map((step) => (isLoad(step) ? { ...step, model: { ...step.model, m: CONDITIONAL } } : step)),
  TestRBACModelWithDomainTokenRename: (steps, files) =>
    ["dom", "dom1", "tenant"].flatMap((token, index) => [
      files.load(withDomainToken(token)),
      ...steps.slice(index * 4, index * 4 + 4),
    ]),
  TestRBACModelWithPattern: (steps) => {
    const last = steps.findLastIndex(({ op }) => op === "AddNamedMatchingFunc");
    return steps.with(last, call("AddNamedMatchingFunc", "g2", "KeyMatch3"));
  },
  TestFailedToLoadPolicy: (steps) => matchingResources(steps),
  TestReloadPolicyWithFunc: (steps) => matchingResources(steps),
  TestEnableEnforce: (steps) => {
    const [off, on] = steps.filter(({ op }) => op === "EnableEnforce");
    return steps
      .with(steps.indexOf(off!), call("EnableEnforce", "false"))
      .with(steps.indexOf(on!), call("EnableEnforce", "true"));
  },
  // The second enforcer only lends its model or its policy.
  TestGetAndSetModel: (steps, files) =>
    steps.flatMap((step, index) => {
      if (index === 1) return [];
      return step.op === "SetModel" ? [files.load("basic_with_root_model", "basic_policy")] : [step];
    }),
  TestGetAndSetAdapterInMem: (steps, files) =>
    steps.flatMap((step, index) => {
      if (index === 1 || step.op === "LoadPolicy") return [];
      return step.op === "SetAdapter" ? [files.load("basic_model", "basic_inverse_policy")] : [step];
    }),
  TestSetAdapterFromFile: (steps, files) =>
    steps.map((step) => (step.op === "LoadPolicy" ? files.load("basic_model", "basic_policy") : step)),
  TestPermissionAPI: (steps) => {
    const jack = steps.findIndex((step) => isEnforce(step) && step.request[0] === "jack");
    const given = [
      call("AddPermissionForUser", "jack", "read"),
      call("AddPermissionForUser", "jack", "write"),
    ];
    return steps.toSpliced(jack, 0, ...given);
  },
};

/** An action is matched by each of casbin's functions for paths. */
const CONDITIONAL = `g(r.sub, p.sub, r.dom) && r.dom == p.dom && r.obj == p.obj && (${[
  "keyMatch",
  "keyMatch2",
  "keyMatch3",
  "keyMatch4",
  "keyMatch5",
  "globMatch",
]
  .map((name) => `${name}(r.act, p.act)`)
  .join(" || ")})`;

function withDomainToken(token: string): CasbinDefinitions {
  const fields = `sub, ${token}, obj, act`;
  return {
    ...{ r: fields, p: fields, g: "_, _, _", e: "some(where (p.eft == allow))" },
    m: `g(r.sub, p.sub, r.${token}) && keyMatch(r.${token}, p.${token}) && r.obj == p.obj && r.act == p.act`,
  };
}

function call(op: string, ...args: readonly string[]): CallStep {
  return { op, args };
}

/** Another load in the place of the only one. */
function reload(steps: readonly CasbinStep[], load: LoadStep): readonly CasbinStep[] {
  return steps.map((step) => (isLoad(step) ? load : step));
}

/** The values that RemoveFilteredPolicy names begin at the second field. */
function withFieldIndex(steps: readonly CasbinStep[]): readonly CasbinStep[] {
  return steps.map((step) =>
    step.op === "RemoveFilteredPolicy" ? { ...step, args: ["", ...(step as CallStep).args] } : step,
  );
}

/** Resources are matched by keyMatch2, and a policy that can not be loaded changes nothing. */
function matchingResources(steps: readonly CasbinStep[]): readonly CasbinStep[] {
  return steps
    .filter(({ op }) => op !== "SetAdapter")
    .map((step) =>
      step.op === "AddNamedMatchingFunc" ? call("AddNamedMatchingFunc", "g2", "KeyMatch2") : step,
    );
}
