import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const text = readFileSync(join(root, "ARCHITECTURE.md"), "utf8");

/** Folders that hold sources or manifests, not those that tests or editors leave behind. */
const folders = globSync("{engine,operator,sidecar,test}/*/", { cwd: root })
  .map((folder) => folder.replace(/\/$/, ""))
  .filter((folder) => globSync("**/*.{ts,yaml,json}", { cwd: join(root, folder) }).length > 0);

it("ARCHITECTURE.md has a line for each folder of the code", () => {
  expect(folders.length).toBeGreaterThan(40);
  expect(folders.filter((folder) => !text.includes(`\`${folder}\``))).toEqual([]);
});

it("ARCHITECTURE.md names no file or folder that is not there", () => {
  const named = [...text.matchAll(/`((?:engine|operator|sidecar|cli|host|test|docs|charts)\/[\w/.-]*)`/g)];
  const dead = named.map(([, path]) => path as string).filter((path) => !existsSync(join(root, path)));
  expect(dead).toEqual([]);
});
