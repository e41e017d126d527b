import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { evaluate } from "@marcbachmann/cel-js";
import { describe, expect, test } from "vitest";
import { LuaFactory } from "wasmoon";
import { parse, parseAllDocuments } from "yaml";
import { kinds } from "../../engine/model/objects.generated.ts";
import { runCli } from "../process/run-cli.ts";
import { healthCases, objectWith } from "./health.ts";

const repository = "docs/how-to/policy-repository";
const read = (path: string) => readFileSync(join(repository, path), "utf8");

describe("the sample policy repository", () => {
  test("has nothing that lint finds fault with", async () => {
    expect(await runCli(["lint", join(repository, "policies")])).toMatchObject({ code: 0 });
  });

  test("keeps what its cases say, each effect of each role among them", async () => {
    const { code, stdout } = await runCli(["test", join(repository, "policies"), "--coverage-min", "100"]);
    expect({ code, stdout }).toMatchObject({ code: 0 });
  });
});

describe("the check of a pull request", () => {
  /** A repository with the sample on main, and a branch on which a file was changed. */
  function branch(path: string, change: (text: string) => string): string {
    const folder = mkdtempSync(join(tmpdir(), "sidegate-gitops-"));
    cpSync(repository, folder, { recursive: true });
    const git = (...args: string[]) =>
      execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], { cwd: folder });
    git("init", "--quiet", "--initial-branch=main");
    git("add", ".");
    git("commit", "--quiet", "--message=Begin");
    writeFileSync(join(folder, path), change(readFileSync(join(folder, path), "utf8")));
    return folder;
  }
  function check(folder: string): string {
    // `npx sidegate` in a repository of its own: the project's command line, found on the PATH.
    const bin = mkdtempSync(join(tmpdir(), "sidegate-bin-"));
    const npx = `#!/bin/sh\nshift\nexec "${join(process.cwd(), "cli/sidegate")}" "$@"\n`;
    writeFileSync(join(bin, "npx"), npx, { mode: 0o755 });
    try {
      const env = { ...process.env, PATH: `${bin}:${process.env.PATH}`, BASE: "main" };
      return execFileSync("sh", ["ci/check.sh"], { cwd: folder, env, encoding: "utf8" });
    } finally {
      rmSync(bin, { recursive: true });
      rmSync(folder, { recursive: true });
    }
  }

  test("tells who gains what, and passes", () => {
    const folder = branch("policies/organizations/acme.yaml", (text) =>
      text
        .replace(
          "subjects: [{ kind: User, name: ada }]",
          "subjects: [{ kind: User, name: ada }, { kind: User, name: cy }]",
        )
        .concat(
          "---\napiVersion: sidegate.dev/v1alpha1\nkind: Membership\nmetadata: { name: acme-cy }\nspec: { organization: acme, subject: { kind: User, name: cy } }\n",
        ),
    );
    expect(check(folder)).toMatch(/cy.*orders:refund/s);
  });

  test("fails where a case is broken", () => {
    const folder = branch("policies/roles.yaml", (text) => text.replace("[approve-refund]", "[view]"));
    expect(() => check(folder)).toThrow();
  });
});

describe("Argo CD's health check", () => {
  const { data } = parse(read("argo-cd/health.yaml")) as { data: { "resource.customizations": string } };
  const customizations = parse(data["resource.customizations"]) as Record<string, { "health.lua": string }>;
  const script = customizations["sidegate.dev/*"]?.["health.lua"] as string;

  /** Runs it as Argo CD does: the object in a global, a table as the result. */
  async function healthOf(object: object): Promise<{ status: string; message: string }> {
    const lua = await new LuaFactory().createEngine({ injectObjects: true });
    try {
      await lua.doString(`obj = ${toLua(object)}`);
      return (await lua.doString(script)) as { status: string; message: string };
    } finally {
      lua.global.close();
    }
  }

  test.each(healthCases)("calls an object that is $name $argo", async ({ object, argo }) => {
    expect((await healthOf(object)).status).toBe(argo);
  });

  test("says of an object that is being deleted whom that waits for", async () => {
    const waiting = { type: "Effective", status: "False", observedGeneration: 3, message: "Waits for web-1" };
    const object = objectWith([waiting], { deletionTimestamp: "2026-01-01T00:00:00Z" });
    expect(await healthOf(object)).toEqual({ status: "Progressing", message: "Waits for web-1" });
  });
});

describe("Flux' health checks", () => {
  const documents = parseAllDocuments(read("flux/kustomization.yaml")).map((document) => document.toJS());
  const { healthCheckExprs: checks } = (documents[1] as { spec: { healthCheckExprs: FluxCheck[] } }).spec;
  interface FluxCheck {
    readonly apiVersion: string;
    readonly kind: string;
    readonly current: string;
    readonly failed: string;
  }

  /** An expression over what is not there yet means that the object is in progress. */
  const holds = (expression: string, object: object) => {
    try {
      return evaluate(expression, { status: {}, ...object }) === true;
    } catch {
      return false;
    }
  };
  const stateOf = ({ current, failed }: FluxCheck, object: object) => {
    if (holds(failed, object)) return "failed";
    return holds(current, object) ? "current" : "in progress";
  };

  test("are there for every kind, and the same for all", () => {
    expect(checks.map(({ kind }) => kind).sort()).toEqual([...kinds].sort());
    expect(new Set(checks.map(({ current, failed }) => `${current}${failed}`)).size).toBe(1);
  });

  test.each(healthCases)("call an object that is $name $flux", ({ object, flux }) => {
    expect(stateOf(checks[0] as FluxCheck, object)).toBe(flux);
  });
});

/** A value of JSON as Lua writes it. */
function toLua(value: unknown): string {
  if (Array.isArray(value)) return `{${value.map(toLua).join(", ")}}`;
  if (typeof value === "object" && value !== null)
    return `{${Object.entries(value)
      .map(([key, entry]) => `[${JSON.stringify(key)}] = ${toLua(entry)}`)
      .join(", ")}}`;
  return JSON.stringify(value);
}
