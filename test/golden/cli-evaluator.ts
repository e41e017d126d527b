import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command, CommanderError } from "commander";
import type { CaseRequest, CaseResult, CaseWorld } from "../../cli/cases/case-world.ts";
import { checkCommand } from "../../cli/check-command.ts";
import type { CheckOutcome } from "../../cli/check-outcome.ts";
import type { CliContext } from "../../cli/cli-context.ts";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import type { JsonObject } from "../../engine/model/json.ts";
import { createSystemClock } from "../../host/clock.ts";
import { silent } from "../support/silent-logger.ts";
import type { Evaluator } from "./run-golden.ts";

/** `sidegate check --folder`: the objects are written down as manifests and read, validated and compiled for each question. */
export const cliEvaluator: Evaluator = {
  name: "Command line",
  load: async (objects) => {
    const folder = mkdtempSync(join(tmpdir(), "sidegate-golden-"));
    writeFileSync(
      join(folder, "objects.yaml"),
      objects.map((object) => JSON.stringify(object)).join("\n---\n"),
    );
    return {
      decide: (request, now) => check(folder, request, now),
      close: async () => rmSync(folder, { recursive: true }),
    };
  },
};

/** The cases that a folder and a command line can express: valid manifests, nothing marked for deletion or owned. */
export function expressible(worlds: readonly CaseWorld[]): CaseWorld[] {
  return worlds
    .filter(({ isValid }) => isValid)
    .map((world) => ({
      ...world,
      cases: world.cases.filter(
        ({ objects, request }) =>
          objects.every(({ metadata }) => !metadata.deletionTimestamp && !metadata.ownerReferences) &&
          ["User", "ServiceAccount", ...(request.token ? [""] : [])].includes(request.subjectKind) &&
          request.token?.text !== "",
      ),
    }))
    .filter(({ cases }) => cases.length > 0);
}

async function check(folder: string, request: CaseRequest, now: number): Promise<CaseResult> {
  const printed: string[] = [];
  const codes: number[] = [];
  const program = new Command("sidegate").exitOverride().configureOutput({ writeErr: () => {} });
  checkCommand(program, contextOf(now, printed, codes));
  try {
    await program.parseAsync(argumentsOf(folder, request), { from: "user" });
  } catch (error) {
    const isInvalid = error instanceof SidegateError && error.code === "SG3001";
    if (isInvalid || error instanceof CommanderError) return { outcome: "InvalidRequest" };
    throw error;
  }
  const outcome = JSON.parse(printed.join("")) as CheckOutcome;
  const { allowed, reason, disclosure, level } = outcome;
  if (codes.join() !== (allowed ? "0" : "1"))
    throw new Error(`${outcome.decision} ends with the exit code ${codes}`);
  return { outcome: reason, ...(disclosure && { disclosure }), ...(level && { level }) } as CaseResult;
}

function argumentsOf(folder: string, request: CaseRequest): string[] {
  const { subjectKind, subjectName, groups, permission, scope, resourceName, activeRoles, token } = request;
  return [
    ...["check", "--output", "json", "--folder", folder, "--scope", scope],
    ...(subjectKind === "" ? [] : ["--subject", `${subjectKind.toLowerCase()}:${subjectName}`]),
    ...(token === undefined ? [] : ["--token-file", writeToken(folder, token.text)]),
    ...groups.flatMap((group) => ["--group", group]),
    ...(resourceName === "" ? [] : ["--resource", resourceName]),
    ...activeRoles.flatMap((role) => ["--role", role]),
    ...facts("--subject-attribute", request.subjectAttributes),
    ...facts("--resource-attribute", request.resourceAttributes),
    ...facts("--context", request.context),
    ...["--", permission],
  ];
}

function facts(option: string, object: JsonObject | undefined): string[] {
  return Object.entries(object ?? {}).flatMap(([name, value]) => [
    option,
    typeof value === "string" ? `${name}=${value}` : `${name}:=${JSON.stringify(value)}`,
  ]);
}

/** Beside the manifests, in a file that is none. */
function writeToken(folder: string, text: string): string {
  const file = join(folder, "token.jwt");
  writeFileSync(file, text);
  return file;
}

function contextOf(now: number, printed: string[], codes: number[]): CliContext {
  return {
    print: (text) => printed.push(text),
    complain: () => {},
    clock: { ...createSystemClock(), wallTime: () => now },
    random: () => 0,
    version: "0",
    command: "sidegate",
    hostname: "golden",
    pid: 1,
    privateDirectory: tmpdir(),
    stopping: new AbortController().signal,
    createLog: async () => silent,
    exit: (code) => codes.push(code),
  };
}
