import { decide } from "../engine/decide/decide.ts";
import type { DecisionRequest } from "../engine/decide/request.ts";
import type { AccessRole, PermissionCatalog } from "../engine/model/objects.generated.ts";
import type { BenchmarkContext } from "./benchmark.ts";
import { compileWorld, loadPolicy } from "./compile-world.ts";
import { generateModel } from "./generate-world.ts";
import { plainQuestion, planEngineer } from "./plan-engineer.ts";
import { questions, takeTurns } from "./take-turns.ts";
import { DOMAIN, type WorldSize } from "./world-plan.ts";

const NOW = Date.UTC(2026, 0, 1);
const PER_ROUND = 500;

/** Over an attribute of the resource and the context, as the footnotes of access tables are. */
const CONDITION =
  'resource.attributes.region == "eu" && has(context.interface) && context.interface == "dashboard"';

/** Decisions whose rule has a condition, beside the same members' plain decisions. */
export async function measureCondition({ report, note, isSmall }: BenchmarkContext): Promise<void> {
  const size = { organizations: 100, bindings: isSmall ? 10_000 : 100_000 };
  const compiler = compileWorld(size);
  for (const object of conditionalObjects()) compiler.put(object);
  const policy = loadPolicy(compiler.compile({}));
  const is = (outcome: string) => (request: DecisionRequest) =>
    decide(policy, request, NOW).outcome === outcome;
  const facts = { unit: "us", count: PER_ROUND } as const;
  const contenders = [
    questions({ ...facts, what: "allow, no condition" }, askPlain(size), is("Allowed")),
    questions({ ...facts, what: "allow, the condition is true" }, askConditional(size, "eu"), is("Allowed")),
    questions({ ...facts, what: "deny, the condition is false" }, askConditional(size, "us"), is("NoGrant")),
    questions({ ...facts, what: "deny, the condition is an error" }, askConditional(size), is("NoGrant")),
  ];
  await takeTurns(contenders, isSmall ? 20 : 400, isSmall ? 5 : 40, report);
  note(`The condition: ${CONDITION}`);
  note(
    `Each round is ${PER_ROUND} decisions; ${size.bindings} bindings in ${size.organizations} organizations.`,
  );
}

function askPlain(size: WorldSize) {
  return (number: number): DecisionRequest => {
    const { user, workplace } = planEngineer(size, number);
    return plainQuestion(user, "connections:manage", workplace);
  };
}

/** @param region left out: the resource has no such attribute, so that the condition is an error */
function askConditional(size: WorldSize, region?: string) {
  return (number: number): DecisionRequest => {
    const { user, workplace } = planEngineer(size, number);
    return {
      ...plainQuestion(user, "exports:read", workplace),
      resourceAttributes: { ...(region && { region }), owner: user },
      context: { interface: "dashboard", address: "192.0.2.7" },
    };
  };
}

/** A type of resources that engineers may read under a condition. */
export function conditionalObjects(): [PermissionCatalog, AccessRole] {
  const engineer = [...generateModel()].find(
    (object): object is AccessRole => object.kind === "AccessRole" && object.metadata.name === "engineer",
  ) as AccessRole;
  const { apiVersion } = engineer;
  const rule = { resources: ["exports"], verbs: ["read"], when: CONDITION };
  return [
    {
      ...{ apiVersion, kind: "PermissionCatalog", metadata: { name: "exports", namespace: DOMAIN } },
      spec: { resources: [{ name: "exports", level: "Environment", verbs: [{ name: "read" }] }] },
    },
    { ...engineer, spec: { ...engineer.spec, rules: [...(engineer.spec.rules ?? []), rule] } },
  ];
}
