/**
 * Measures what docs/reference/performance.md reports: `node bench/main.ts [--only NAME]... [--json FILE] [--small]`.
 * Figures are printed with their target; none of them makes this fail, only a benchmark that can not be run does.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { benchmarks } from "./benchmarks.ts";
import { describeMachine, isBusy } from "./describe-machine.ts";
import { formatHeading, formatMachine, formatRow, type Row, toRow } from "./format-report.ts";
import { runIsolated } from "./run-isolated.ts";

const HELP = `node bench/main.ts [--only NAME]... [--json FILE] [--small]

  --only NAME  run this benchmark only (repeatable): ${benchmarks.map(({ name }) => name).join(", ")}
  --json FILE  write the figures to a file as well
  --small      a tenth of the sizes and a few rounds, to see whether everything works

With KUBECONFIG, propagation is measured on that cluster: in a namespace of its own, with the CRDs applied.`;

const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true },
    json: { type: "string" },
    small: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  },
});
const unknown = values.only?.find((name) => !benchmarks.some((benchmark) => benchmark.name === name));
if (values.help || unknown !== undefined) {
  console.log(unknown === undefined ? HELP : `There is no benchmark "${unknown}".\n\n${HELP}`);
  process.exit(unknown === undefined ? 0 : 2);
}

const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stopping.abort());

const machine = describeMachine();
console.log(formatMachine(machine));
if (isBusy(machine))
  console.log("WARNING: the machine is busy; times are longer than they are, ratios less sure");
const results: { benchmark: string; rows: Row[]; notes: readonly string[]; error: string | undefined }[] = [];
for (const { name, title } of benchmarks) {
  if (stopping.signal.aborted || (values.only && !values.only.includes(name))) continue;
  console.log(`\n${formatHeading(title)}`);
  const rows: Row[] = [];
  const order = { name, isSmall: values.small, kubeconfig: process.env.KUBECONFIG };
  const { notes, error } = await runIsolated(
    order,
    (line) => {
      const row = toRow(line, !values.small);
      rows.push(row);
      console.log(formatRow(row));
    },
    stopping.signal,
  );
  for (const note of notes) console.log(`  ${note}`);
  if (error !== undefined) console.log(`  FAILED: ${error}`);
  results.push({ benchmark: name, rows, notes, error });
}
if (values.json !== undefined)
  writeFileSync(values.json, `${JSON.stringify({ machine, results }, null, 2)}\n`);
const failed = results.filter(({ error }) => error !== undefined).length;
process.exitCode = failed === 0 && !stopping.signal.aborted ? 0 : 1;
