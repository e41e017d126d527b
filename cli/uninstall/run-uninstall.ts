import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import { kinds } from "../../engine/model/objects.generated.ts";
import type { KubeObject } from "../../operator/kube/kube-api.ts";
import { KubeError } from "../../operator/kube/kube-error.ts";
import { sidegateResources } from "../../operator/source/kubernetes/sidegate-resources.ts";
import {
  configMapResource,
  mutatingWebhookResource,
  validatingWebhookResource,
} from "../../operator/trust/resources.ts";
import { TRUST_CONFIG_MAP } from "../../operator/trust/trust-config-map.ts";
import type { CliContext } from "../cli-context.ts";
import type { ClusterOptions } from "../cluster/cluster-options.ts";
import { openCluster } from "../cluster/open-cluster.ts";
import { listOperatorPods } from "../cluster/pods.ts";
import { eachObject } from "./each-object.ts";
import { operatorObjects } from "./operator-objects.ts";
import { releaseObject } from "./release-object.ts";
import { removeEach } from "./remove-each.ts";

/** What `sidegate uninstall` was given. */
export interface UninstallOptions extends ClusterOptions {
  readonly operatorNamespace: string;
  readonly force?: true;
  readonly dryRun?: true;
}

/** Phases of pods that run, or will once a node has room or an image is there. */
const ALIVE = ["Running", "Pending", "Unknown"];

/**
 * Removes what stands in the way of life without an operator, and tells how much of each there was. It can be run again.
 *
 * @throws SidegateError SG5033 while an operator runs, SG4004 where something may not be read or written
 */
export async function runUninstall(options: UninstallOptions, context: CliContext): Promise<void> {
  const { dryRun: isDryRun = false, force, operatorNamespace } = options;
  const { clock, stopping, print } = context;
  const cluster = openCluster(options, clock, stopping);
  const { api } = cluster;
  const tell = (count: number, what: string, done: string, would: string) =>
    print(`${isDryRun ? would : done} ${count} ${what}\n`);
  try {
    const operators = () => listOperatorPods(api, operatorNamespace, ALIVE, stopping);
    const found = await operators();
    if (found.length > 0 && !force)
      throw new SidegateError("SG5033", `in namespace ${operatorNamespace}: ${found.join(", ")}`);
    // First, so that no webhook without an operator behind it refuses what follows.
    let configurations = 0;
    for (const resource of [validatingWebhookResource, mutatingWebhookResource])
      configurations += await removeEach(api, { resource }, isDryRun, stopping, isOurs);
    tell(configurations, "webhook configurations", "Removed", "Would remove");
    for (const kind of kinds) {
      const resource = sidegateResources[kind];
      const count = await eachObject(api, { resource }, stopping, (object) =>
        releaseObject(api, resource, object, isDryRun),
      );
      if (count > 0) tell(count, kind, "Let go of", "Would let go of");
    }
    const trust = { resource: configMapResource, name: TRUST_CONFIG_MAP };
    const maps = await removeEach(api, trust, isDryRun, stopping, isOurs);
    tell(maps, `ConfigMaps ${TRUST_CONFIG_MAP}`, "Removed", "Would remove");
    // An operator can not do without what it keeps, be it one that was installed meanwhile.
    if ((await operators()).length > 0) return;
    for (const { selection, isOurs: isWanted } of operatorObjects(operatorNamespace)) {
      const count = await removeEach(api, selection, isDryRun, stopping, isWanted);
      if (count > 0) tell(count, `${selection.resource.kind} of the operator`, "Removed", "Would remove");
    }
  } catch (cause) {
    if (!(cause instanceof KubeError)) throw cause;
    throw new SidegateError("SG4004", cause.message, { cause });
  } finally {
    await cluster.close();
  }
}

function isOurs({ metadata }: KubeObject): boolean {
  const labels = (metadata.labels ?? {}) as Readonly<Record<string, string>>;
  return labels["app.kubernetes.io/part-of"] === "sidegate";
}
