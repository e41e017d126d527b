import { afterAll } from "vitest";
import { allCases } from "./all-cases.ts";
import { corpus } from "./corpus.ts";
import { runExplanations } from "./run-explanations.ts";
import { runGolden } from "./run-golden.ts";
import { runGrants } from "./run-grants.ts";
import { runLists } from "./run-lists.ts";
import { startWire } from "./wire-evaluator.ts";

// Sidecars that may keep nothing: whatever a question needs of organizations comes from the operator for it, and goes.
const worlds = new Set(corpus.flatMap((world) => allCases(world).map(({ objects }) => objects)));
const wire = await startWire([...worlds], { shardMemory: 1 });
afterAll(() => wire.stop());

runGolden({ ...wire.decisions, name: "Wire, on demand" }, corpus);
runGrants({ ...wire.answers, name: "Wire, on demand" }, corpus);
runLists({ ...wire.answers, name: "Wire, on demand" }, corpus);
runExplanations({ ...wire.answers, name: "Wire, on demand" }, corpus);
