import { cliEvaluator, expressible } from "./cli-evaluator.ts";
import { corpus } from "./corpus.ts";
import { runGolden } from "./run-golden.ts";

runGolden(cliEvaluator, expressible(corpus));
