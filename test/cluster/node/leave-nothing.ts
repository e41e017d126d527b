import { run } from "../../support/run.ts";
import { NAMESPACE } from "./installation.ts";

/** Uninstalls what the suites left installed, so that they can begin again on the same cluster. Vitest calls it once, after all. */
export async function teardown(): Promise<void> {
  await run("helm", ["uninstall", "sidegate", "--namespace", NAMESPACE, "--wait", "--ignore-not-found"]);
}
