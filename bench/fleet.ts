import { randomUUID } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pino from "pino";
import { createSystemClock } from "../host/clock.ts";
import type { Credentials } from "../operator/kube/credentials.ts";
import type { KubeApi } from "../operator/kube/kube-api.ts";
import { Follower } from "../sidecar/follower.ts";
import { openPolicyKeyFile } from "../sidecar/trust/policy-key-file.ts";
import { applyCrds } from "./apply-crds.ts";
import { AuditLog, countRequests, mostWithin } from "./audit-log.ts";
import type { BenchmarkContext } from "./benchmark.ts";
import { applyAndDelete, CHANGES_PER_SECOND, changeSteadily } from "./change-bindings.ts";
import { InstalledOperator, removeInstallation } from "./installed-operator.ts";
import { openApi } from "./open-api.ts";
import { pauseMs } from "./pause.ts";
import { cpuTime, memory, resetPeak } from "./proc-files.ts";
import { createRawApi } from "./raw-api.ts";
import { SeenBindings } from "./seen-bindings.ts";
import { SimulatedFleet } from "./simulated-fleet.ts";
import { quantile } from "./statistics.ts";
import type { WorldSize } from "./world-plan.ts";

const REAL_SIDECARS = 10;
const SECOND = 1_000_000;
const HOUR_SECONDS = 3_600;

/**
 * An installed operator on an API server, with ten sidecars and with a thousand. Figures about requests need the API server's
 * audit log (SIDEGATE_BENCH_AUDIT names its file); without, status writes are counted at a watch.
 */
export async function measureFleet(context: BenchmarkContext): Promise<void> {
  const { kubeconfig, report, isSmall } = context;
  if (kubeconfig === undefined) {
    report({ what: "a fleet of sidecars", missing: "KUBECONFIG is not set" });
    return;
  }
  const { api, credentials } = openApi(kubeconfig);
  try {
    await applyCrds(api);
    const size = isSmall ? { organizations: 10, bindings: 1_000 } : { organizations: 100, bindings: 10_000 };
    await measureInstallation({ ...context, kubeconfig, api, credentials, size });
  } finally {
    await credentials.close();
  }
}

interface Cluster extends BenchmarkContext {
  readonly kubeconfig: string;
  readonly api: KubeApi;
  readonly credentials: Credentials;
  readonly size: WorldSize;
}

interface Installed extends Cluster {
  readonly namespace: string;
  readonly operator: InstalledOperator;
  readonly seen: SeenBindings;
  readonly audit: AuditLog | undefined;
}

async function measureInstallation(cluster: Cluster): Promise<void> {
  const { api, report, size } = cluster;
  const namespace = `sidegate-bench-${randomUUID().slice(0, 8)}`;
  const installation = { ...cluster, raw: createRawApi(cluster.credentials), namespace };
  const path = process.env.SIDEGATE_BENCH_AUDIT;
  const audit = path === undefined ? undefined : new AuditLog(path, InstalledOperator.user(namespace));
  const seen = new SeenBindings(api, namespace);
  try {
    using operator = await InstalledOperator.start(installation);
    seen.start();
    // Statuses of the whole domain are written at first.
    await seen.quiet(3_000);
    const { pid } = operator.command;
    report({
      what: `operator's memory with ${size.bindings} bindings, statuses written`,
      ...{ unit: "MB", samples: [memory(pid).resident], target: 200 },
    });
    const installed: Installed = { ...cluster, namespace, operator, seen, audit };
    await measureFew(installed);
    await measureMany(installed);
    await operator.remove();
  } finally {
    audit?.close();
    await seen.stop();
    await removeInstallation(installation);
  }
}

/** Sidecars as they are, but for the process that they share. */
async function measureFew(installed: Installed): Promise<void> {
  const { report, isSmall, namespace, operator, directory } = installed;
  const { address, serverName, ca, policyKeys } = operator.way;
  const [clock, logger] = [createSystemClock(), pino({ enabled: false })];
  const keys = openPolicyKeyFile({ path: policyKeys, clock, logger });
  const followers: Follower[] = [];
  for (const [index, token] of (await operator.tokens("few", REAL_SIDECARS)).entries()) {
    const tokenFile = join(directory, `token-${index}`);
    writeFileSync(tokenFile, token, { mode: 0o600 });
    const follower = await Follower.open({
      ...{ domains: [namespace], operators: [address], name: `few-${index}`, version: "0" },
      ...{ access: { ca, serverName, tokenFile }, policyKeys: keys, clock, random: Math.random, logger },
    });
    followers.push(follower);
    await follower.follow();
  }
  while (!followers.every(({ snapshots }) => snapshots.get(namespace))) await pauseMs(5);
  const { applied, deleted } = await applyAndDelete(installed, isSmall ? 5 : 40, "few");
  const where = `${REAL_SIDECARS} sidecars`;
  report({ what: `applied until Effective, ${where}`, unit: "ms", samples: applied, target: 250 });
  report({ what: `deleted until gone, ${where}`, unit: "ms", samples: deleted, target: 400 });
  for (const follower of followers) {
    await follower.leave(1_000);
    await follower.close();
  }
  keys.stop();
}

async function measureMany(installed: Installed): Promise<void> {
  const { report, isSmall, namespace, operator } = installed;
  const { pid } = operator.command;
  const count = isSmall ? 100 : 1_000;
  const { address, serverName, ca, policyKeys } = operator.way;
  const fleet = new SimulatedFleet({
    ...{ address, serverName, ca: readFileSync(ca, "utf8"), policyKeys: readFileSync(policyKeys, "utf8") },
    ...{ domain: namespace, tokens: await operator.tokens("many", count) },
  });
  const start = performance.now();
  await fleet.connect();
  const seconds = (performance.now() - start) / 1000;
  report({ what: `${count} simulated sidecars connect and have the policy`, unit: "s", samples: [seconds] });
  await installed.seen.quiet(3_000);
  await measureApplied(installed, fleet);
  await measureSteady(installed, fleet);
  await measureIdle(installed, count);
  report({ what: "  operator's most memory, all this time", unit: "MB", samples: [memory(pid).peak] });
  fleet.close();
}

async function measureApplied(installed: Installed, { size }: SimulatedFleet): Promise<void> {
  const { report, isSmall, operator } = installed;
  const { pid } = operator.command;
  const rounds = isSmall ? 10 : 100;
  const busy = cpuTime(pid);
  const { applied, deleted } = await applyAndDelete(installed, rounds, "many");
  const where = `${size} sidecars`;
  report({ what: `applied until Effective, ${where}`, unit: "ms", samples: applied });
  report({ what: "  p99", unit: "ms", samples: [quantile(applied, 0.99)], target: 2_000 });
  report({ what: `deleted until gone, ${where}`, unit: "ms", samples: deleted });
  report({ what: "  p99", unit: "ms", samples: [quantile(deleted, 0.99)] });
  const each = (cpuTime(pid) - busy) / rounds / 2 / 1000;
  report({ what: "  operator's CPU time for each change, heartbeats included", unit: "ms", samples: [each] });
  report({ what: "  operator's memory", unit: "MB", samples: [memory(pid).resident], target: 400 });
}

async function measureSteady(installed: Installed, fleet: SimulatedFleet): Promise<void> {
  const { report, note, isSmall, operator, seen, audit } = installed;
  const { pid } = operator.command;
  audit?.read();
  seen.countStatuses();
  resetPeak(pid);
  const [busy, before] = [cpuTime(pid), fleet.taken];
  const { changes, last, seconds } = await changeSteadily(installed, isSmall ? 5 : 60);
  const ended = performance.now();
  await seen.effective(last);
  const settled = Math.max(0, (await fleet.settled()) - ended) / 1000;
  report({ what: `${CHANGES_PER_SECOND} changes a second: written within`, unit: "s", samples: [seconds] });
  report({ what: "  all sidecars on the last revision after the last", unit: "s", samples: [settled] });
  report({
    what: "  operator's CPU time of it",
    unit: "s",
    samples: [(cpuTime(pid) - busy) / SECOND],
  });
  report({ what: "  operator's most memory", unit: "MB", samples: [memory(pid).peak], target: 400 });
  report({
    what: "  pushes that began before the last was answered",
    unit: "x",
    samples: [fleet.early],
    target: 0,
  });
  await seen.quiet(3_000);
  const statuses = audit?.read().filter(({ resource }) => resource.endsWith("/status"));
  const most = statuses === undefined ? seen.statuses().most : mostWithin(statuses, 950);
  report({ what: "  status writes of one object within a second", unit: "x", samples: [most], target: 1 });
  const total = statuses?.length ?? seen.statuses().total;
  note(`${changes} changes were pushed as ${fleet.taken - before} policies to ${fleet.size} sidecars.`);
  note(`${total} statuses were written for them.`);
}

/** What the operator asks while nothing changes. */
async function measureIdle({ report, note, audit, isSmall, ...rest }: Installed, sidecars: number) {
  const seconds = Number(process.env.SIDEGATE_BENCH_IDLE_SECONDS ?? (isSmall ? 10 : 330));
  if (audit === undefined || seconds === 0) {
    report({ what: "requests of an idle hour", missing: "no audit log was given, or no time" });
    return;
  }
  // The last reports and events of what went before.
  await pauseMs(15_000);
  audit.read();
  const busy = cpuTime(rest.operator.command.pid);
  await pauseMs(seconds * 1000);
  const counts = countRequests(audit.read());
  const used = (cpuTime(rest.operator.command.pid) - busy) / SECOND / seconds;
  report({
    what: `idle with ${sidecars} sidecars: operator's CPU time in a second`,
    unit: "ms",
    samples: [used * 1000],
  });
  for (const [what, count] of counts) {
    const hourly = Math.round((count * HOUR_SECONDS) / seconds);
    note(`Idle for ${seconds} s with ${sidecars} sidecars: ${count} x ${what}, ${hourly} an hour.`);
  }
}
