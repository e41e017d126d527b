import { defineConfig } from "vitest/config";

// All that can happen to an installation on the API server that KUBECONFIG names, also what takes minutes of outage. They
// share the definitions of the cluster, so one file runs after the other.
export default defineConfig({
  test: {
    include: ["test/cluster/faults/**/*.test.ts"],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
