import { corpus } from "./corpus.ts";
import { engineAnswers } from "./engine-answers.ts";
import { engineEvaluator } from "./engine-evaluator.ts";
import { runExplanations } from "./run-explanations.ts";
import { runGolden, runReversed } from "./run-golden.ts";
import { runGrants } from "./run-grants.ts";
import { runLists } from "./run-lists.ts";

runGolden(engineEvaluator, corpus);
runReversed(engineEvaluator, corpus);
runGrants(engineAnswers, corpus);
runLists(engineAnswers, corpus);
runExplanations(engineAnswers, corpus);
