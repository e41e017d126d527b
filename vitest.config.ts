import { defineConfig } from "vitest/config";

// Suites that need a cluster live under test/cluster and run by `make e2e`; all others need none.
export default defineConfig({
  test: {
    include: ["**/*.test.ts"],
    exclude: ["node_modules/**", "dist/**", "test/cluster/**"],
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
