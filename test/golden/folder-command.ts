import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CommanderError } from "commander";
import type { CaseRequest } from "../../cli/cases/case-world.ts";
import type { CliContext } from "../../cli/cli-context.ts";
import { createProgram } from "../../cli/create-program.ts";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import type { JsonObject } from "../../engine/model/json.ts";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import { createSystemClock } from "../../host/clock.ts";
import { silent } from "../support/silent-logger.ts";

/** What a command printed as JSON, and its exit code. */
export interface Printed {
  readonly output: unknown;
  readonly code: number;
}

/** A folder with the objects as manifests, which commands read, validate and compile anew for each question. */
export class CommandFolder {
  readonly #folder = mkdtempSync(join(tmpdir(), "sidegate-golden-"));

  constructor(objects: readonly SidegateObject[]) {
    writeFileSync(
      join(this.#folder, "objects.yaml"),
      objects.map((object) => JSON.stringify(object)).join("\n---\n"),
    );
  }

  /**
   * Runs a command on the folder.
   *
   * @param operands what stands after all options
   * @param now milliseconds since 1970
   */
  async run(
    command: readonly string[],
    options: readonly string[],
    operands: readonly string[],
    now: number,
  ): Promise<Printed | "InvalidRequest"> {
    const printed: string[] = [];
    const codes: number[] = [];
    const fixed = ["--output", "json", "--folder", this.#folder];
    try {
      await createProgram(contextOf(now, printed, codes)).parseAsync(
        [...command, ...fixed, ...options, "--", ...operands],
        { from: "user" },
      );
    } catch (error) {
      const isInvalid = error instanceof SidegateError && ["SG3001", "SG5001"].includes(error.code);
      if (isInvalid || error instanceof CommanderError) return "InvalidRequest";
      throw error;
    }
    return { output: JSON.parse(printed.join("")), code: codes[0] as number };
  }

  /** The options that say who asks and under what circumstances. */
  optionsOf(request: CaseRequest, roleOption = "--role"): string[] {
    const { subjectKind, subjectName, groups, resourceName, activeRoles, token } = request;
    return [
      ...(subjectKind === "" ? [] : ["--subject", `${subjectKind.toLowerCase()}:${subjectName}`]),
      ...(token === undefined ? [] : ["--token-file", this.#writeToken(token.text)]),
      ...groups.flatMap((group) => ["--group", group]),
      ...(resourceName === "" ? [] : ["--resource", resourceName]),
      ...activeRoles.flatMap((role) => [roleOption, role]),
      ...facts("--subject-attribute", request.subjectAttributes),
      ...facts("--resource-attribute", request.resourceAttributes),
      ...facts("--context", request.context),
    ];
  }

  /** Beside the manifests, in a file that is none. */
  #writeToken(text: string): string {
    const file = join(this.#folder, "token.jwt");
    writeFileSync(file, text);
    return file;
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }
}

function facts(option: string, object: JsonObject | undefined): string[] {
  return Object.entries(object ?? {}).flatMap(([name, value]) => [
    option,
    typeof value === "string" ? `${name}=${value}` : `${name}:=${JSON.stringify(value)}`,
  ]);
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
