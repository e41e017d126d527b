import { corpus } from "./corpus.ts";
import { oracleAnswers } from "./oracle-answers.ts";
import { oracleEvaluator } from "./oracle-evaluator.ts";
import { runGolden, runReversed } from "./run-golden.ts";
import { runGrants } from "./run-grants.ts";
import { runLists } from "./run-lists.ts";

runGolden(oracleEvaluator, corpus);
runReversed(oracleEvaluator, corpus);
runGrants(oracleAnswers, corpus);
runLists(oracleAnswers, corpus);
