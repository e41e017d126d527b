import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { projectRoot } from "../../support/processes.ts";
import { run } from "../../support/run.ts";
import { readManifests, renderText } from "./render.ts";

test("charts/kustomize/sidegate.yaml is what the chart makes of its defaults (make chart)", async () => {
  expect(readFileSync(join(projectRoot, "charts/kustomize/sidegate.yaml"), "utf8")).toBe(
    await renderText("--set", "crds.enabled=false"),
  );
});

test("kubectl builds it, with its namespace", async () => {
  const built = readManifests(await run("kubectl", ["kustomize", "charts/kustomize"]));
  expect(built).toHaveLength(readManifests(await renderText()).length + 1);
  expect(built.filter(({ kind }) => kind === "Namespace").map(({ metadata }) => metadata.name)).toEqual([
    "sidegate-system",
  ]);
});
