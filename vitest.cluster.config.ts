import { defineConfig } from "vitest/config";

// Suites against the API server that KUBECONFIG names. They share it, so one file runs after the other.
export default defineConfig({
  test: {
    include: ["test/cluster/**/*.test.ts"],
    // Those with minutes of outage or of other clocks run by `make faults`.
    exclude: ["test/cluster/node/**", "test/cluster/faults/{api-server,clocks,sidecars}.test.ts"],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
