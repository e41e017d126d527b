import { decide } from "../../engine/decide/decide.ts";
import { limits } from "../../engine/model/limits.ts";
import { policyOf, prove } from "./engine-policy.ts";
import type { Evaluator } from "./run-golden.ts";
import { toCaseResult } from "./to-case-result.ts";

/** The engine: compiles the objects to bytes, loads these and decides. */
export const engineEvaluator: Evaluator = {
  name: "Engine",
  load: async (objects) => {
    const policy = policyOf(objects);
    return {
      decide: async (request, now) => {
        // The length of a token is a matter of the doors.
        if (request.token && request.token.text.length > limits.token) return { outcome: "InvalidRequest" };
        return toCaseResult(decide(policy, await prove(policy, request, now), now));
      },
      close: async () => {},
    };
  },
};
