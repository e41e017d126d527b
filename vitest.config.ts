import { defineConfig } from "vitest/config";

// Suites that need a cluster live under test/cluster and run by `make e2e`, those that need Helm under test/chart/rendered and run by
// `make chart`; all others need neither.
export default defineConfig({
  test: {
    include: ["**/*.test.ts"],
    exclude: ["node_modules/**", "dist/**", "test/cluster/**", "test/chart/rendered/**"],
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
