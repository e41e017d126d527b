import { corpus } from "./corpus.ts";
import { oracleEvaluator } from "./oracle-evaluator.ts";
import { runGolden, runReversed } from "./run-golden.ts";

runGolden(oracleEvaluator, corpus);
runReversed(oracleEvaluator, corpus);
