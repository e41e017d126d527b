import { corpus } from "./corpus.ts";
import { engineEvaluator } from "./engine-evaluator.ts";
import { runGolden } from "./run-golden.ts";

runGolden(engineEvaluator, corpus);
