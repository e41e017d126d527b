import { createOracle } from "../oracle/oracle.ts";
import { giveDefaults } from "./give-defaults.ts";
import type { Evaluator } from "./run-golden.ts";
import { toGoldenResult } from "./to-golden-result.ts";

/** The oracle: interprets the objects as they stand. */
export const oracleEvaluator: Evaluator = {
  name: "Oracle",
  load: async (objects) => {
    const oracle = createOracle(giveDefaults(objects));
    return {
      decide: async (request, now) => toGoldenResult(oracle.decide(request, now)),
      close: async () => {},
    };
  },
};
