import { defineConfig } from "vitest/config";

// Suites against the API server that KUBECONFIG names. They share it, so one file runs after the other.
export default defineConfig({
  test: {
    include: ["test/cluster/**/*.test.ts"],
    exclude: ["test/cluster/node/**"],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
