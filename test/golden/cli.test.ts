import { cliAnswers } from "./cli-answers.ts";
import { cliEvaluator, expressible } from "./cli-evaluator.ts";
import { corpus } from "./corpus.ts";
import { runExplanations } from "./run-explanations.ts";
import { runGolden } from "./run-golden.ts";
import { runGrants } from "./run-grants.ts";
import { runLists } from "./run-lists.ts";

const worlds = expressible(corpus);

runGolden(cliEvaluator, worlds);
runGrants(cliAnswers, worlds);
runLists(cliAnswers, worlds);
runExplanations(cliAnswers, worlds);
