import pino from "pino";
import type { CompiledPolicy, CompiledShard } from "../engine/compile/compiled-policy.ts";
import { deliveryLimits } from "../engine/model/delivery-limits.ts";
import { Policy } from "../engine/policy/policy.ts";
import { createSystemClock } from "../host/clock.ts";
import { encodeChunk, encodeCommit } from "../operator/delivery/push/messages.ts";
import { type Commit, type ShardChunk, SyncResponse } from "../proto/generated/delivery.js";
import { DomainSync } from "../sidecar/delivery/domain-sync.ts";
import { Snapshots } from "../sidecar/snapshot/snapshots.ts";
import type { BenchmarkContext } from "./benchmark.ts";
import { CheckClient } from "./check-client.ts";
import { nextMessage } from "./child-processes.ts";
import { compileWorld } from "./compile-world.ts";
import type { Changed } from "./delivery-process.ts";
import { memberBinding } from "./generate-world.ts";
import { planChange, STRANGER } from "./plan-change.ts";
import { startDelivery, startSidecarProcess } from "./sidecar-process.ts";
import { DOMAIN, type WorldSize } from "./world-plan.ts";

/** What a change of one binding costs: compiling it, and the time for which the sidecar answers nobody. */
export async function measureChange(context: BenchmarkContext): Promise<void> {
  const size = { organizations: 100, bindings: context.isSmall ? 10_000 : 100_000 };
  await measureInProcess(context, size);
  await measureFromOutside(context, size);
  const perOrganization = size.bindings / size.organizations;
  context.note(
    `One of ${size.bindings} bindings is changed, in an organization of ${perOrganization}. The pause in process is the whole turn of the event loop in which a Commit is handled; the gap is the longest between two answers of a stream of checks, one at a time, from the change until the answer follows it.`,
  );
}

/** The operator's compilation, and the turn of the sidecar's event loop that the Commit takes, by the code of both. */
async function measureInProcess({ report, isSmall }: BenchmarkContext, size: WorldSize): Promise<void> {
  const clock = createSystemClock();
  const logger = pino({ enabled: false });
  const snapshots = new Snapshots({ domains: [DOMAIN], clock });
  const sync = new DomainSync({
    ...{ domain: DOMAIN, snapshots, store: undefined, load: Policy.load, limits: deliveryLimits, logger },
  });
  const compiler = compileWorld(size);
  let position = 1;
  let policy = compiler.compile({ AccessRoleBinding: String(position) });
  await deliver(sync, policy, policy.shards);
  const compiling: number[] = [];
  const pauses: number[] = [];
  const rounds = isSmall ? 40 : 400;
  for (let round = -WARM_UP; round < rounds; round++) {
    const { organization, member, binding } = planChange(size, round + WARM_UP).change;
    const before = new Set(policy.shards);
    const start = performance.now();
    compiler.put(memberBinding(organization, member, binding, STRANGER));
    policy = compiler.compile({ AccessRoleBinding: String(++position) });
    const ms = performance.now() - start;
    const missing = policy.shards.filter((shard) => !before.has(shard));
    const pause = await deliver(sync, policy, missing);
    if (round < 0) continue;
    compiling.push(ms);
    pauses.push(pause);
  }
  report({ what: "recompile", unit: "ms", samples: compiling, target: 5 });
  report({ what: "swap, pause in the sidecar", unit: "ms", samples: pauses, target: 2 });
}

const WARM_UP = 20;

/** Hands a policy to the sidecar's side, and returns for how long the Commit kept it, in milliseconds. */
async function deliver(
  sync: DomainSync,
  policy: CompiledPolicy,
  missing: readonly CompiledShard[],
): Promise<number> {
  for (const shard of missing) {
    for (let at = 0; at < shard.bytes.length; at += deliveryLimits.chunkBytes) {
      const end = Math.min(shard.bytes.length, at + deliveryLimits.chunkBytes);
      sync.chunk(SyncResponse.decode(encodeChunk(DOMAIN, shard, at, end)).chunk as ShardChunk);
    }
  }
  const message = encodeCommit(policy, Date.now());
  const start = performance.now();
  const reply = sync.commit(SyncResponse.decode(message).commit as Commit);
  const ms = performance.now() - start;
  if ("nack" in (await reply)) throw new Error("The policy was refused");
  return ms;
}

/** The longest gap in a stream of checks while a change arrives, beside the longest in as many milliseconds without one. */
async function measureFromOutside(
  { report, directory, isSmall }: BenchmarkContext,
  size: WorldSize,
): Promise<void> {
  const { delivery, delivering } = await startDelivery(size);
  using _delivery = delivery;
  const { command, unix } = await startSidecarProcess(delivering.address, directory);
  using _sidecar = command;
  using client = new CheckClient(unix);
  const swapping: number[] = [];
  const quiet: number[] = [];
  const rounds = isSmall ? 5 : 60;
  for (let round = -WARM_UP; round < rounds; round++) {
    const { change, request } = planChange(size, round + WARM_UP);
    await client.until(request, true);
    delivery.process.send({ ...change, user: STRANGER });
    const swap = await askStream(client, request, (allowed) => !allowed);
    await nextMessage<Changed>(delivery);
    const floor = await askStream(client, request, (_, ms) => ms >= swap.ms);
    if (round < 0) continue;
    swapping.push(swap.longestGap);
    quiet.push(floor.longestGap);
  }
  report({ what: "longest gap between answers, swapping", unit: "ms", samples: swapping });
  report({ what: "longest gap between answers, in as long without", unit: "ms", samples: quiet });
}

/** Asks one check after the other until it is over. Returns milliseconds. */
async function askStream(
  client: CheckClient,
  request: Buffer,
  isOver: (allowed: boolean, ms: number) => boolean,
): Promise<{ longestGap: number; ms: number }> {
  const start = performance.now();
  let longestGap = 0;
  for (let last = start; ; ) {
    const allowed = await client.isAllowed(request);
    const now = performance.now();
    longestGap = Math.max(longestGap, now - last);
    if (isOver(allowed, now - start)) return { longestGap, ms: now - start };
    last = now;
  }
}
