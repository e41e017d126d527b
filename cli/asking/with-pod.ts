import type { CliContext } from "../cli-context.ts";
import type { SourceOptions } from "./source-options.ts";

/** Where the sidecar in a pod answers. */
const DECISION_PORT = 7430;

/**
 * Runs a command that asks a sidecar; with --pod after its port was forwarded, and with the address of that.
 *
 * @throws SidegateError SG5030 where the pod can not be reached, SG4005 for a kubeconfig that can not be used
 */
export async function withPod<Options extends SourceOptions>(
  options: Options,
  context: CliContext,
  run: (options: Options, context: CliContext) => Promise<void>,
): Promise<void> {
  const { pod, kubeconfig } = options;
  if (pod === undefined) return run(options, context);
  // What talks to clusters is large, and most questions need none of it.
  const [{ forwardPort }, { loadKubeconfig }] = await Promise.all([
    import("../cluster/forward-port.ts"),
    import("../load-kubeconfig.ts"),
  ]);
  const target = { ...pod, port: DECISION_PORT };
  const forwarded = await forwardPort(loadKubeconfig(kubeconfig, undefined), target);
  try {
    await run({ ...options, address: forwarded.address }, context);
  } catch (error) {
    throw forwarded.problem ?? error;
  } finally {
    forwarded.close();
  }
}
