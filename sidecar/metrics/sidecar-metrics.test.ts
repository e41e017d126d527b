import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { CallCounts } from "./call-counts.ts";
import { sidecarMetrics } from "./sidecar-metrics.ts";

const page = readFileSync(join(import.meta.dirname, "../../docs/reference/metrics.md"), "utf8");

it("has a line in the reference for each metric, and no other", () => {
  const snapshots = { domains: () => [], get: () => undefined, ageMs: () => 0, ready: true, waiting: 0 };
  const shards = { held: { shards: 0, bytes: 0 }, loaded: 0, waiting: 0 };
  const metrics = sidecarMetrics({
    version: "1",
    snapshots,
    delivery: undefined,
    counts: new CallCounts(),
    shards,
  });
  const rows = page.split("\n").filter((line) => line.startsWith("| `"));
  const described = rows.flatMap((row) => row.split("|")[1]?.match(/sidegate_sidecar_\w+/g) ?? []);
  expect(described.toSorted()).toEqual(metrics.map(({ name }) => name).toSorted());
});
