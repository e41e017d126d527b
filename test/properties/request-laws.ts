import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { outcomes } from "../../engine/decide/decision.ts";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import { now } from "../worlds/instants.ts";
import { groups } from "../worlds/names.ts";
import { garbageRequest } from "../worlds/odd-requests.ts";
import { type WorldObjects, world } from "../worlds/world.ts";
import { createEngine } from "./engine.ts";
import { everyRequest } from "./every-request.ts";
import { type Law, law } from "./law.ts";
import { showCase } from "./show-case.ts";

/** What a caller may send, and what that may do. */
export const requestLaws: readonly Law[] = [
  law(
    "there is a decision whatever the fields of a request hold",
    2000,
    fc.property(
      world,
      fc.array(garbageRequest, { minLength: 1, maxLength: 10 }),
      now,
      (objects, requests, instant) => {
        const engine = createEngine(objects);
        for (const request of requests) {
          const decision = engine.decide(request, instant);
          if (outcomes.includes(decision.outcome)) continue;
          throw new Error(showCase(objects, { request, now: new Date(instant), decision }));
        }
      },
    ),
  ),
  law(
    "asserting the name of a declared group makes nobody a member of it",
    1000,
    everyRequest(({ objects, request, instant, evaluate }) => {
      for (const group of groups) {
        const evaluator = evaluate(withoutAsserted(objects, group));
        const others = request.groups.filter((name) => name !== group);
        const asserting = evaluator.decide({ ...request, groups: [...others, group] }, instant);
        const silent = evaluator.decide({ ...request, groups: others }, instant);
        if (!isDeepStrictEqual(asserting, silent)) return { group, asserting, silent };
      }
      return undefined;
    }),
  ),
  law(
    "the order and repetition of groups and active roles does not matter",
    1000,
    everyRequest(({ objects, request, instant, evaluate }) => {
      const evaluator = evaluate(objects);
      const decision = evaluator.decide(request, instant);
      const [groups, activeRoles] = [request.groups, request.activeRoles].map((names) =>
        names.toReversed().concat(names),
      );
      const repeated = evaluator.decide({ ...request, groups: groups!, activeRoles: activeRoles! }, instant);
      return isDeepStrictEqual(decision, repeated) ? undefined : { decision, repeated };
    }),
  ),
];

/**
 * The world without bindings and members of the kind Group with this name, so that asserting it can give nothing; and without
 * conditions, which may ask for it.
 */
function withoutAsserted(objects: WorldObjects, name: string): SidegateObject[] {
  const isOther = (subject: { kind: string; name: string }) =>
    subject.kind !== "Group" || subject.name !== name;
  return objects.map((object) => {
    switch (object.kind) {
      case "AccessGroup":
        return { ...object, spec: { ...object.spec, members: (object.spec.members ?? []).filter(isOther) } };
      case "AccessRole": {
        const rules = (object.spec.rules ?? []).map(({ when: _, ...rule }) => rule);
        return { ...object, spec: { ...object.spec, rules } };
      }
      case "AccessRoleBinding": {
        const { when: _, ...spec } = object.spec;
        return { ...object, spec: { ...spec, subjects: spec.subjects.filter(isOther) } };
      }
      default:
        return object;
    }
  });
}
