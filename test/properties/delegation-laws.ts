import fc from "fast-check";
import { canGrant } from "../../engine/delegate/can-grant.ts";
import { loadCompiled } from "../../engine/policy/load-compiled.ts";
import { canGrant as interpretCanGrant } from "../oracle/delegation.ts";
import { delegationSeed, delegationWorld, questionOf } from "../worlds/delegation.ts";
import { now } from "../worlds/instants.ts";
import { compile } from "./engine.ts";
import { type Law, law } from "./law.ts";
import { showCase } from "./show-case.ts";

/** Who may give and take what. */
export const delegationLaws: readonly Law[] = [
  law(
    "the engine says who may give and take a role as the oracle does",
    3000,
    fc.property(
      delegationWorld,
      fc.array(delegationSeed, { minLength: 1, maxLength: 8, size: "max" }),
      now,
      (objects, seeds, instant) => {
        const policy = loadCompiled(compile(objects));
        for (const seed of seeds) {
          const question = questionOf(seed, objects);
          const compiled = canGrant(policy, question, instant);
          const interpreted = interpretCanGrant(objects, question, instant);
          // The oracle takes questions that are well-formed; an active role may be one that the world lacks.
          if ("field" in compiled || compiled.allowed === interpreted) continue;
          throw new Error(showCase(objects, { question, now: new Date(instant), compiled, interpreted }));
        }
      },
    ),
  ),
];
