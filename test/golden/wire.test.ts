import { afterAll } from "vitest";
import { allCases } from "./all-cases.ts";
import { corpus } from "./corpus.ts";
import { runExplanations } from "./run-explanations.ts";
import { runGolden } from "./run-golden.ts";
import { runGrants } from "./run-grants.ts";
import { runLists } from "./run-lists.ts";
import { startWire } from "./wire-evaluator.ts";

const worlds = new Set(corpus.flatMap((world) => allCases(world).map(({ objects }) => objects)));
const wire = await startWire([...worlds]);
afterAll(() => wire.stop());

runGolden(wire.decisions, corpus);
runGrants(wire.answers, corpus);
runLists(wire.answers, corpus);
runExplanations(wire.answers, corpus);
