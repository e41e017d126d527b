import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import type { Clock } from "../../host/clock.ts";
import type { CaseWorld } from "../cases/case-world.ts";
import { loadCaseFile } from "../cases/load-cases.ts";
import { openDomain } from "../folder/open-domain.ts";
import { createValidator, readSoundFolder } from "../folder/read-folder.ts";
import { DEFAULT_DOMAIN } from "../options.ts";
import { Coverage } from "./coverage.ts";
import { findCaseFiles } from "./find-case-files.ts";
import { formatJunit } from "./format-junit.ts";
import type { TestReport } from "./format-report.ts";
import { createCaseReader } from "./read-case-request.ts";
import { runCases } from "./run-cases.ts";

/** What `sidegate test` was given. */
export interface TestOptions {
  readonly domain?: string;
  readonly coverageMin?: number;
  readonly uncovered?: true;
  readonly junit?: string;
  readonly output: "table" | "json";
}

/**
 * Runs the cases of a policy repository.
 *
 * @param named case files, or folders of them; none: those of the repository
 * @throws SidegateError where a folder or case file can not be used
 */
export async function testPolicy(
  folder: string,
  named: readonly string[],
  { domain, coverageMin, junit }: Pick<TestOptions, "domain" | "coverageMin" | "junit">,
  clock: Clock,
): Promise<TestReport> {
  const start = clock.now();
  const { world, policy } = await openDomain(folder, domain);
  const coverage = new Coverage(world, policy);
  const worlds = await loadWorlds(folder, findCaseFiles(folder, named), domain);
  const cases = await runCases(worlds, createCaseReader(), coverage);
  if (junit !== undefined) write(junit, formatJunit(cases, (clock.now() - start) / 1000));
  return {
    folder,
    total: cases.length,
    failed: cases.filter(({ passed }) => !passed).length,
    cases,
    coverage: coverage.report(),
    ...(coverageMin !== undefined && { coverageMin }),
  };
}

async function loadWorlds(
  root: string,
  files: readonly string[],
  domain: string | undefined,
): Promise<CaseWorld[]> {
  const folders = new Map<string, Promise<readonly SidegateObject[]>>();
  const readManifests = (folder: string) => {
    const known = folders.get(folder) ?? readObjects(folder, domain);
    folders.set(folder, known);
    return known;
  };
  const worlds: CaseWorld[] = [];
  for (const file of files) {
    worlds.push(...(await loadCaseFile(resolve(file), { root: resolve(root), readManifests })));
  }
  for (const world of worlds) requireValid(world);
  return worlds;
}

/** The manifests of a folder with all below it, as lint reads them; of one domain, if one was named. */
async function readObjects(folder: string, domain: string | undefined): Promise<SidegateObject[]> {
  const { manifests } = await readSoundFolder(folder, DEFAULT_DOMAIN);
  const isMeant = (own: string) => domain === undefined || own === domain;
  return [...manifests.values()].filter((manifest) => isMeant(manifest.domain)).map(({ object }) => object);
}

/** A world says of itself whether its objects are valid; a mistyped field would make its cases say nothing. */
function requireValid(world: CaseWorld): void {
  const { file, title, isValid, objects } = world;
  if (!isValid) return;
  const validator = createValidator();
  const { cases, grantCases, grantableCases, listCases, explainCases } = world;
  const all = [...cases, ...grantCases, ...grantableCases, ...listCases, ...explainCases];
  for (const object of new Set([...objects, ...all.flatMap((one) => one.objects)])) {
    const [problem] = validator.validate(object);
    if (problem === undefined) continue;
    const place = [problem.object, problem.path].filter((part) => part !== "").join(": ");
    throw new SidegateError("SG5010", `${file}, ${title}: ${place}: ${problem.message}`);
  }
}

function write(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (cause) {
    throw new SidegateError("SG5011", `${path}: ${(cause as Error).message}`, { cause });
  }
}
