import { afterAll } from "vitest";
import { corpus } from "./corpus.ts";
import { runGolden } from "./run-golden.ts";
import { startWire } from "./wire-evaluator.ts";

const worlds = new Set(corpus.flatMap(({ cases }) => cases.map(({ objects }) => objects)));
const wire = await startWire([...worlds]);
afterAll(() => wire.stop());

runGolden(wire, corpus);
