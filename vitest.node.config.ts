import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** install.test.ts comes first, since it wants a cluster without an installation, then rights.test.ts: others take rights away. */
class InOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) =>
      moduleId.endsWith("/install.test.ts") ? 0 : moduleId.endsWith("/rights.test.ts") ? 1 : 2;
    return files.toSorted((a, b) => rank(a) - rank(b) || (a.moduleId < b.moduleId ? -1 : 1));
  }
}

// Suites with an installed operator and pods, on the cluster that KUBECONFIG names, which must have nodes that can run the image
// SIDEGATE_IMAGE. There is one installation in a cluster, so one file runs after the other.
export default defineConfig({
  test: {
    include: ["test/cluster/node/**/*.test.ts"],
    // A measurement, not a check: SIDEGATE_BINDINGS says of how many bindings.
    exclude: process.env.SIDEGATE_BINDINGS === undefined ? ["test/cluster/node/cost.test.ts"] : [],
    globalSetup: ["test/cluster/node/leave-nothing.ts"],
    fileParallelism: false,
    sequence: { sequencer: InOrder },
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
