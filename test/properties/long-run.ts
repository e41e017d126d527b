import { parseArgs } from "node:util";
import { comparisons } from "./equivalence-laws.ts";
import { complaint, type Law } from "./law.ts";
import { laws } from "./laws.ts";

// Tries the laws for longer than a test run does:
//
//   node test/properties/long-run.ts [--minutes 10] [--law WORDS] [--seed NUMBER]
//
// Goes round the laws whose sentence holds WORDS until the time is over, with other cases in each round, and ends with 1 at
// the first that is broken. With --seed, it makes one round with that seed, to try again what a test reported.
const ROUNDS_PER_BATCH = 5;

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    law: { type: "string", default: "" },
    seed: { type: "string" },
  },
});
const chosen = laws.filter(({ sentence }) => sentence.includes(values.law));
const end = Date.now() + Number(values.minutes) * 60_000;
const tried = new Map<string, number>();

do {
  for (const law of chosen) tryOnce(law);
} while (values.seed === undefined && chosen.length > 0 && Date.now() < end);

for (const [sentence, cases] of tried) console.log(`${String(cases).padStart(9)} cases: ${sentence}`);
console.log(`${String(comparisons()).padStart(9)} decisions of the engine compared with the oracle's`);

function tryOnce(law: Law): void {
  const runs = law.runs * ROUNDS_PER_BATCH;
  const seed = values.seed === undefined ? {} : { seed: Number(values.seed) };
  const broken = complaint(law, law.check({ runs, ...seed }));
  tried.set(law.sentence, (tried.get(law.sentence) ?? 0) + runs);
  if (broken === undefined) return;
  console.error(`Broken: ${law.sentence}\n${broken}`);
  process.exit(1);
}
