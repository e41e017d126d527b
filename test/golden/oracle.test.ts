import { corpus } from "./corpus.ts";
import { oracleEvaluator } from "./oracle-evaluator.ts";
import { runGolden } from "./run-golden.ts";

runGolden(oracleEvaluator, corpus);
