import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { crds } from "../crds/definitions.ts";
import { createManifestValidator } from "../engine/validate/manifest-validator.ts";

const root = join(import.meta.dirname, "..");
const validator = createManifestValidator(crds);

/** The manifests of Sidegate's kinds that a page shows, in blocks of YAML and in what a shell is given (<<END). */
function manifestsIn(page: string): Record<string, unknown>[] {
  const text = readFileSync(join(root, page), "utf8");
  const shown = [...text.matchAll(/```yaml\n([\s\S]*?)```|<<END\n([\s\S]*?)\nEND\n/g)];
  return shown
    .map(([, block, input]) => block ?? input ?? "")
    .filter((block) => block.includes("apiVersion: sidegate.dev/"))
    .flatMap((block) => parseAllDocuments(block).map((document) => document.toJS()))
    .filter(({ apiVersion }) => String(apiVersion).startsWith("sidegate.dev/"));
}

const pages = globSync("docs/{tutorial,how-to,explanation,reference}/*.md", { cwd: root })
  .map((page) => [page, manifestsIn(page)] as const)
  .filter(([, manifests]) => manifests.length > 0);

it("finds manifests in the tutorial", () => {
  expect(pages.map(([page]) => page)).toContain(join("docs", "tutorial", "first-cluster.md"));
});

it.each(pages)("%s shows manifests that the API server takes", (_page, manifests) => {
  expect(manifests.flatMap((manifest) => validator.validate(manifest as never))).toEqual([]);
});
