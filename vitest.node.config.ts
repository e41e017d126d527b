import { defineConfig } from "vitest/config";

// Suites with an installed operator and pods, on the cluster that KUBECONFIG names, which must have nodes that can run the image
// SIDEGATE_IMAGE. There is one installation in a cluster, so one file runs after the other.
export default defineConfig({
  test: {
    include: ["test/cluster/node/**/*.test.ts"],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
