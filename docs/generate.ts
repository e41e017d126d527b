/**
 * Generates the tables of docs/reference from the code: `node docs/generate.ts`. generate.test.ts proves that the committed
 * files are fresh.
 */
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { crds } from "../crds/definitions.ts";
import { listLimits } from "../crds/list-limits.ts";
import {
  deletionReasons,
  effectiveReasons,
  heldReasons,
  keysReadyReasons,
  problemReasons,
  satisfiedReasons,
} from "../engine/diagnose/problem.ts";
import { errors } from "../engine/errors/registry.ts";
import { changeKinds } from "../engine/explain/change.ts";
import { effects } from "../engine/explain/explanation.ts";
import { lintRules } from "../engine/lint/lint-rules.ts";
import { cliPages } from "./cli-pages.ts";

const here = import.meta.dirname;

/** All generated files, path below docs/ to content. */
export function generate(): Map<string, string> {
  return new Map([
    ["reference/conditions.md", conditionsPage()],
    ["reference/errors.md", errorsPage()],
    ["reference/explanations.md", explanationsPage()],
    ["reference/limits.md", limitsPage()],
    ["reference/cli/lint.md", lintPage()],
    ...cliPages(GENERATED),
    ["adr/README.md", decisionsPage()],
  ]);
}

function conditionsPage(): string {
  const reasons = { ...problemReasons, ...deletionReasons };
  const rowsOf = (table: Readonly<Record<string, string>>) =>
    Object.entries(table).map(([reason, meaning]) => `| ${reason} | ${meaning} |`);
  return `# Conditions

${GENERATED}

Every object of Sidegate has the condition \`Accepted\` in its status. \`True\` with the reason \`Accepted\`: the object works as
it is written and is part of the policy. \`False\`: it, or the part that the message names, has no effect; the rest of it works.
\`observedGeneration\` is the generation that the condition speaks of. What to do when one is not \`True\` stands in
[the runbook](../how-to/operate.md#by-symptom).

| reason | meaning |
|---|---|
${rowsOf(reasons).join("\n")}

\`kubectl wait --for=condition=Accepted arb/NAME\` waits for it.

Every object has the condition \`Effective\` besides: whether every live sidecar decides by the object as it is at
\`observedGeneration\`. It stays \`True\` for that generation, whichever sidecars come later: they begin with a policy that has it.
\`kubectl wait --for=condition=Effective arb/NAME\` waits for it, and [effective changes](../explanation/effective.md) says what
exactly it means.

| reason | meaning |
|---|---|
${rowsOf(effectiveReasons).join("\n")}

An AccessConstraint has the condition \`Satisfied\` besides.

| reason | meaning |
|---|---|
${rowsOf(satisfiedReasons).join("\n")}

A TokenPolicy with \`keys.jwksURL\` has the condition \`KeysReady\` besides, once its keys were fetched for the first time or could not be.

| reason | meaning |
|---|---|
${rowsOf(keysReadyReasons).join("\n")}

An AccessDomain has the condition \`Held\` besides, once its guard held something back.

| reason | meaning |
|---|---|
${rowsOf(heldReasons).join("\n")}
`;
}

function explanationsPage(): string {
  const rowsOf = (table: Readonly<Record<string, string>>) =>
    Object.entries(table).map(([word, meaning]) => `| ${word} | ${meaning} |`);
  return `# Explanations

${GENERATED}

\`Explain\` and \`sidegate explain\` decide as a check does and say why. What they say is for operators: never show it to the
subject. They name the grants that apply at the scope and whose roles have a rule for the permission, each with its objects, their
generations and, where Argo CD or Flux tell, their place in Git; rules are counted from 0, as in \`spec.rules[0]\`. What became of a
grant:

| effect | meaning |
|---|---|
${rowsOf(effects).join("\n")}

For a denial that grants could turn they name the **nearest misses**: the smallest sets of changes, at most four together, that
would allow it. Making all changes of one set turns the denial into an allow, and no part of a set does. At most 20 sets are told; for
a new grant at most 20 of those who could give it. Changes are of these kinds:

| kind | change |
|---|---|
${rowsOf(changeKinds).join("\n")}

Of a token they tell why it is not valid, or which selector of its claim decides and which entries of its lists name no permission.
Values of caller's attributes that a condition saw are told; those of a token's claims never are.
`;
}

function errorsPage(): string {
  const rows = Object.entries(errors)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, { reason, cause, remedy, ...rest }]) => {
      const status = "grpc" in rest ? rest.grpc : "";
      return `| ${code} | ${reason} | ${cause} | ${remedy} | ${status} |`;
    });
  return `# Errors

${GENERATED}

Every error that Sidegate reports has a code, which keeps its meaning for ever, and a reason, which stands in
\`google.rpc.ErrorInfo\` (domain \`sidegate.dev\`) and in conditions.

| code | reason | cause | remedy | gRPC status |
|---|---|---|---|---|
${rows.join("\n")}
`;
}

function lintPage(): string {
  const rows = lintRules.map(
    ({ name, severity, meaning, remedy }) => `| ${name} | ${severity} | ${meaning} | ${remedy} |`,
  );
  return `# sidegate lint

${GENERATED}

\`sidegate lint FOLDER\` checks every manifest of a folder: first each by itself, as the API server does
([errors](../errors.md), SG1001 and on); then, where all are in order, each beside the others.

| severity | what it is | exit code |
|---|---|---|
| error | something does not work as it is written: what the condition \`Accepted\` says in a cluster ([reasons](../conditions.md)) | 1 |
| warning | a trap: it works, and mostly not as it is meant | 1 |
| note | worth knowing; shown with \`--notes\` | 0 |

| option | meaning |
|---|---|
| \`--domain NAME\` | the domain of manifests without a namespace; default \`default\` |
| \`--notes\` | show notes as well |
| \`-o FORMAT\`, \`--output\` | \`table\`, \`json\` or \`yaml\` |

Where a folder or file can not be read the exit code is 2. \`-o json\` and \`-o yaml\` have for each finding its \`severity\`, \`file\`, \`line\`, \`object\`,
\`field\`, \`reason\` (the rule), \`message\` (what happens) and \`remedy\` (what to do).

A finding that is meant is suppressed on its object, several with commas between them; how many are is told in the last line:

\`\`\`yaml
metadata:
  name: staff
  annotations: { sidegate.dev/lint-ignore: "WildcardReachesBelow, PlatformGrantToMember" }
\`\`\`

## Rules

| rule | severity | what happens | what to do |
|---|---|---|---|
${rows.join("\n")}

Default roles with Deny rules are an error, DefaultRoleDenies.
`;
}

function limitsPage(): string {
  const requests = tableOf("engine/model/limits.ts");
  const conditions = tableOf("engine/model/condition-limits.ts");
  const delivery = tableOf("engine/model/delivery-limits.ts");
  const ports = tableOf("engine/model/server-limits.ts");
  const manifests = tableOf("operator/source/folder/manifest-limits.ts");
  return `# Limits

${GENERATED}

What is over a limit is refused with an error that names the field or file; it is never cut off and never allowed.

## Requests

| limit | value | counts |
|---|---|---|
${requests}

## Conditions

A condition that is over a limit is not accepted, and inert: an Allow with it never matches, a Deny always. A step is about the work
of one operator on small values.

| limit | value | counts |
|---|---|---|
${conditions}

## Delivery

Between operator and sidecar. What is over a limit ends the stream or refuses the policy, and the old one stays in use.

| limit | value | counts |
|---|---|---|
${delivery}

## Ports

| limit | value | counts |
|---|---|---|
${ports}

## Folders of manifests

| limit | value | counts |
|---|---|---|
${manifests}

## Manifests

From the CRDs. An object as a whole may have 1.5 MB, by the API server and etcd.

| kind | field | limit |
|---|---|---|
${listLimits(crds)
  .map(({ kind, field, limit }) => `| ${kind} | \`${field}\` | ${limit} |`)
  .join("\n")}
`;
}

function decisionsPage(): string {
  const rows = globSync("0*.md", { cwd: join(here, "adr") })
    .sort()
    .map((file) => {
      const [, number, title] = /^# (\d+)\. (.*)$/m.exec(readFileSync(join(here, "adr", file), "utf8")) ?? [];
      return `| ${number} | [${title}](${file}) |`;
    });
  return `# Decisions of design

${GENERATED}

Decisions that would cost more than an hour to undo: what was decided, what else was considered, and what follows.

| | |
|---|---|
${rows.join("\n")}
`;
}

const GENERATED = "<!-- Made by `node docs/generate.ts`; edit the sources instead. -->";

/** The rows of a table of limits: each entry of the object with the comment above it. */
function tableOf(file: string): string {
  const source = readFileSync(join(here, "..", file), "utf8");
  const entry = /\/\*\*\s*((?:(?!\*\/)[\s\S])*?)\s*\*\/\s*(\w+): ([\d_* ]+),/g;
  return [...source.matchAll(entry)]
    .map(([, comment, name, value]) => {
      const text = (comment as string).replace(/^\*\s*|\s*\n\s*\*\s*/g, (match) =>
        match.startsWith("*") ? "" : " ",
      );
      const number = (value as string)
        .split("*")
        .reduce((product, factor) => product * Number(factor.replaceAll("_", "")), 1);
      return `| ${name} | ${number.toLocaleString("en-US")} | ${text} |`;
    })
    .join("\n");
}

if (import.meta.main) {
  for (const [path, content] of generate()) writeFileSync(join(here, path), content);
}
