import { corpus } from "./corpus.ts";
import { engineEvaluator } from "./engine-evaluator.ts";
import { runGolden, runReversed } from "./run-golden.ts";

runGolden(engineEvaluator, corpus);
runReversed(engineEvaluator, corpus);
