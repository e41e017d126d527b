import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { describe, test } from "vitest";

/**
 * Other people's data is no part of the project: it lies in a folder beside the checkout, or where SIDEGATE_VECTORS says.
 * Where neither is, its tests are reported as skipped; a SIDEGATE_VECTORS that is wrong is a mistake and fails them.
 */
const named = process.env.SIDEGATE_VECTORS;
const root = resolve(named ?? resolve(import.meta.dirname, "../../../shared/vectors"));

/** Where the data of one source lies, or undefined without it. @param folder for example "casbin" */
export function vectorFolder(folder: string): string | undefined {
  const path = resolve(root, folder);
  if (existsSync(path)) return path;
  if (named !== undefined) throw new Error(`SIDEGATE_VECTORS is ${named}, and there is no ${folder} in it`);
  return undefined;
}

/** Makes tests of data that may be absent: of one test that is skipped and says why where it is. */
export function describeVectors(name: string, folder: string, body: (path: string) => void): void {
  const path = vectorFolder(folder);
  if (path !== undefined) describe(name, () => body(path));
  else
    describe.skip(name, () => {
      test(`needs the data of others: there is no ${root}/${folder}, and SIDEGATE_VECTORS is not set`, () => {});
    });
}
