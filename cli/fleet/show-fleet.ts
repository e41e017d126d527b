import type { SidecarState } from "../../proto/generated/fleet.js";
import type { CliContext } from "../cli-context.ts";
import type { ClusterOptions } from "../cluster/cluster-options.ts";
import { forwardPort } from "../cluster/forward-port.ts";
import { openCluster } from "../cluster/open-cluster.ts";
import { findOperatorPods } from "../cluster/pods.ts";
import { formatResult } from "../format-result.ts";
import type { OutputFormat } from "../options.ts";
import { type FleetEntry, formatFleet } from "./format-fleet.ts";
import { readFleet } from "./read-fleet.ts";

/** What `sidegate fleet` was given. */
export interface FleetOptions extends ClusterOptions {
  readonly namespace?: string;
  readonly operatorNamespace: string;
  readonly address?: string;
  /** Milliseconds. */
  readonly timeout: number;
  readonly output: OutputFormat;
}

/** Where the operator's pods answer administrators: on their loopback. */
const ADMIN_PORT = 7434;

/** Prints the sidecars of an operator; answers whether all decide by the current policy. */
export async function showFleet(options: FleetOptions, context: CliContext): Promise<boolean> {
  const { address, namespace = "", timeout, output } = options;
  const entries =
    address === undefined
      ? await readCluster(options, context)
      : withReplica(address, await readFleet(address, namespace, timeout, context.stopping));
  entries.sort((a, b) => compare(a.domain, b.domain) || compare(a.sidecar, b.sidecar));
  context.print(formatResult(output, entries, formatFleet));
  return entries.every((entry) => entry.current);
}

/** Asks all replicas, each through a port of its pod. */
async function readCluster(options: FleetOptions, context: CliContext): Promise<FleetEntry[]> {
  const { operatorNamespace, namespace = "", timeout } = options;
  const { clock, stopping } = context;
  const cluster = openCluster(options, clock, stopping);
  try {
    const pods = await findOperatorPods(cluster.api, operatorNamespace, stopping);
    const answers = await Promise.all(
      pods.map(async (pod) => {
        const target = { namespace: operatorNamespace, pod, port: ADMIN_PORT };
        const forwarded = await forwardPort(cluster.kubeconfig, target);
        try {
          return withReplica(pod, await readFleet(forwarded.address, namespace, timeout, stopping));
        } catch (error) {
          throw forwarded.problem ?? error;
        } finally {
          forwarded.close();
        }
      }),
    );
    return answers.flat();
  } finally {
    await cluster.close();
  }
}

/** Copied field by field: what a message leaves out, its decoded form has only from its prototype. */
function withReplica(replica: string, states: readonly SidecarState[]): FleetEntry[] {
  return states.map((state) => ({
    domain: state.domain,
    sidecar: state.sidecar,
    version: state.version,
    peer: state.peer,
    user: state.user,
    revision: state.revision,
    current: state.current,
    behind: state.behind,
    lagMs: state.lagMs,
    lastContactMs: state.lastContactMs,
    connectedMs: state.connectedMs,
    refusedRevision: state.refusedRevision,
    refusedCode: state.refusedCode,
    refusedMessage: state.refusedMessage,
    replica,
  }));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
