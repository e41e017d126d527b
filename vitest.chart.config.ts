import { defineConfig } from "vitest/config";

// What Helm and kubectl make of the chart; no cluster is asked.
export default defineConfig({
  test: { include: ["test/chart/rendered/**/*.test.ts"], testTimeout: 60_000 },
});
