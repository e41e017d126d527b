import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");

/** What each folder may import of the others, as ARCHITECTURE.md says. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  proto: [],
  crds: ["engine"],
  engine: ["proto"],
  presets: [],
  host: ["engine"],
  operator: ["engine", "proto", "host"],
  sidecar: ["engine", "proto", "host"],
  client: ["proto"],
  cli: ["engine", "proto", "client", "host", "operator", "sidecar", "crds"],
  bench: ["engine", "proto", "client", "host", "operator", "sidecar", "cli", "crds", "presets"],
  docs: ["engine", "crds", "cli"],
  test: [
    ...[
      "engine",
      "proto",
      "client",
      "host",
      "operator",
      "sidecar",
      "cli",
      "crds",
      "presets",
      "docs",
      "bench",
    ],
  ],
};

/** What a test may import besides. */
const allowedInTests = ["test", "crds", "engine", "proto", "client"];

/** Modules of Node and packages that the engine may use: none that reads, writes, waits or logs. */
const purePackages = new Set(["node:crypto", "@marcbachmann/cel-js", "re2js", "fast-check", "vitest"]);

interface Import {
  readonly from: string;
  readonly to: string;
}

/** The text of a file without whole lines of comment. */
function codeOf(file: string): string {
  return readFileSync(join(root, file), "utf8").replace(/^\s*(\*|\/\/|\/\*).*$/gm, "");
}

function importsOf(file: string): Import[] {
  const text = codeOf(file);
  const statement = /^(?:import|export)\s(?:[^"'=]*?\sfrom\s)?["']([^"']+)["']/gm;
  const specifiers = [...text.matchAll(statement)].map((match) => match[1] as string);
  const dynamic = [...text.matchAll(/\bimport\(\s*["']([^"']+)["']/g)].map((match) => match[1] as string);
  return [...specifiers, ...dynamic].map((specifier) => ({
    from: file,
    to: specifier.startsWith(".") ? normalize(join(dirname(file), specifier)) : specifier,
  }));
}

const files = Object.keys(allowed).flatMap((folder) =>
  globSync(`${folder}/**/*.{ts,js}`, { cwd: root }).filter((file) => !file.includes("node_modules")),
);
const imports = files.flatMap(importsOf);

function isTest(file: string): boolean {
  return file.startsWith("test/") || /\.(test|bench)\.ts$/.test(file);
}

function crossesLayers({ from, to }: Import): boolean {
  const [source, target] = [from.split("/")[0] as string, to.split("/")[0] as string];
  if (!(target in allowed) || source === target || allowed[source]?.includes(target)) return false;
  return !(isTest(from) && allowedInTests.includes(target));
}

describe("The layers of the code", () => {
  it("sees the imports", () => {
    expect(imports.length).toBeGreaterThan(100);
  });

  it("has no import that crosses them", () => {
    expect(imports.filter(crossesLayers)).toEqual([]);
  });

  it("has an engine without input, output, clock, randomness and logger", () => {
    const impure = imports.filter(
      ({ from, to }) =>
        from.startsWith("engine/") && !isTest(from) && !/^(engine|proto)\//.test(to) && !purePackages.has(to),
    );
    expect(impure).toEqual([]);
    const calls = files
      .filter((file) => file.startsWith("engine/") && !isTest(file))
      .filter((file) =>
        /\b(Date\.now|performance\.now|Math\.random|new Date\(\)|setTimeout|console\.)/.test(codeOf(file)),
      );
    expect(calls).toEqual([]);
  });

  it("lets only main files, scripts and tests read the environment, arguments and the working directory", () => {
    const readers = files.filter(
      (file) =>
        !isTest(file) &&
        !/(^|\/)(main|generate|generate-types|long-run)\.ts$/.test(file) &&
        !file.startsWith("bench/") &&
        // It lives in other people's processes, whose environment says where the sidecar is.
        file !== "client/sidegate-client.ts" &&
        /\bprocess\.(env|argv|cwd)\b/.test(codeOf(file)),
    );
    expect(readers).toEqual([]);
  });
});
