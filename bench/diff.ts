import type { DomainCompiler } from "../engine/compile/domain-compiler.ts";
import { diffPolicies } from "../engine/diff/diff-policies.ts";
import type { AccessRole } from "../engine/model/objects.generated.ts";
import type { Policy } from "../engine/policy/policy.ts";
import type { BenchmarkContext } from "./benchmark.ts";
import { compileWorld, loadPolicy } from "./compile-world.ts";
import { generateModel, memberBinding } from "./generate-world.ts";
import { planChange, STRANGER } from "./plan-change.ts";
import { takeTurns } from "./take-turns.ts";

const NOW = Date.UTC(2026, 0, 1);

/** The difference of two policies in process, beside compiling and loading one of them. */
export async function measureDiff({ report, note, isSmall }: BenchmarkContext): Promise<void> {
  const size = { organizations: 100, bindings: isSmall ? 10_000 : 100_000 };
  const before = loadPolicy(compileWorld(size).compile({}));
  const { organization, member, binding } = planChange(size, 0).change;
  const rebound = change(size, (compiler) =>
    compiler.put(memberBinding(organization, member, binding, STRANGER)),
  );
  const redefined = change(size, (compiler) => compiler.put(withoutRetry()));
  const contender = (what: string, after: Policy) => {
    const expected = countEntries(before, after);
    if (expected === 0) throw new Error(`${what}: nothing differs`);
    return {
      what: `${what}: ${expected} gained or lost`,
      ...({ unit: "ms", count: 1 } as const),
      prepare: () => () => (countEntries(before, after) === expected ? 1 : 0),
    };
  };
  const contenders = [
    contender("one binding given to another", rebound),
    contender("one verb taken from a role", redefined),
    {
      ...({ what: "compiling and loading, for comparison", unit: "ms", count: 1 } as const),
      prepare: () => {
        const compiler = compileWorld(size);
        return () => (loadPolicy(compiler.compile({})).revision === before.revision ? 1 : 0);
      },
    },
  ];
  await takeTurns(contenders, isSmall ? 3 : 7, 1, report);
  note(
    `Both policies hold ${size.bindings} bindings in ${size.organizations} organizations. Reading two folders takes longer by far: see the start from a folder.`,
  );
}

function change(size: Parameters<typeof compileWorld>[0], make: (compiler: DomainCompiler) => void): Policy {
  const compiler = compileWorld(size);
  make(compiler);
  return loadPolicy(compiler.compile({}));
}

function countEntries(before: Policy, after: Policy): number {
  let count = 0;
  for (const _ of diffPolicies(before, after, NOW)) count++;
  return count;
}

/** The role engineer without the verb `retry` on logs. */
function withoutRetry(): AccessRole {
  const engineer = [...generateModel()].find(
    (object): object is AccessRole => object.kind === "AccessRole" && object.metadata.name === "engineer",
  ) as AccessRole;
  const rules = engineer.spec.rules?.map((rule) => ({
    ...rule,
    verbs: rule.verbs.filter((verb) => verb !== "retry"),
  }));
  return { ...engineer, spec: { ...engineer.spec, ...(rules && { rules }) } };
}
