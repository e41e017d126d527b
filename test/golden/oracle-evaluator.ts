import { createOracle } from "../oracle/oracle.ts";
import { giveDefaults } from "./give-defaults.ts";
import { present } from "./present-token.ts";
import type { Evaluator } from "./run-golden.ts";
import { toCaseResult } from "./to-case-result.ts";

/** The oracle: interprets the objects as they stand. */
export const oracleEvaluator: Evaluator = {
  name: "Oracle",
  load: async (objects) => {
    const oracle = createOracle(giveDefaults(objects));
    return {
      decide: async ({ token, ...request }, now) =>
        toCaseResult(
          oracle.decide(token === undefined ? request : { ...request, token: present(token, objects) }, now),
        ),
      close: async () => {},
    };
  },
};
