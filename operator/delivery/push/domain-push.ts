/**
 * What one sidecar has of one domain, and what it is sent next.
 *
 * States:
 *   idle        no push is under way
 *   sending     the missing shards of a policy are being written, chunk by chunk
 *   committed   Commit was written; its answer is awaited
 * Transitions: idle -> sending when the current policy is another one than the sidecar's; sending -> committed after the
 * last chunk; committed -> idle with Ack or Nack. Nothing else ends a push but the end of the stream.
 *
 * INVARIANT: at most one push is under way; what is published meanwhile merges, since the next push takes whatever is
 * current then. INVARIANT: progress is sent only of a revision that the sidecar decides by. INVARIANT: nothing is sent
 * to a sidecar that has seen more than this replica.
 */
import type { CompiledPolicy, CompiledShard } from "../../../engine/compile/compiled-policy.ts";
import { deliveryLimits } from "../../../engine/model/delivery-limits.ts";
import { mayReplace } from "../../../engine/model/may-replace.ts";
import { hasReached } from "../../../engine/model/position.ts";
import { ORGANIZATION_SHARD } from "../../../engine/model/shard-id.ts";
import type { ActivePolicy, Holding, RefusedPolicy } from "../../fleet/fleet.ts";
import type { DeliverySettings } from "../settings.ts";
import { judgeReply, type Reply, type Verdict } from "./judge-reply.ts";
import { type HashSet, hashesOf, missingShards, NO_HASHES } from "./shard-sets.ts";

/** What to write next. `wait`: nothing before this time (on the monotonic clock) unless something happens. */
export type Step =
  | { readonly kind: "chunk"; readonly shard: CompiledShard; readonly start: number; readonly end: number }
  | { readonly kind: "commit"; readonly policy: CompiledPolicy; readonly issuedAt: number }
  | { readonly kind: "progress"; readonly policy: CompiledPolicy }
  | { readonly kind: "behind"; readonly policy: CompiledPolicy }
  | { readonly kind: "wait"; readonly until: number };

/** The two clocks, in milliseconds. */
export interface Instant {
  /** Monotonic. */
  readonly now: number;
  /** Since 1970. */
  readonly wall: number;
}

interface Push {
  readonly policy: CompiledPolicy;
  readonly missing: readonly CompiledShard[];
  index: number;
  offset: number;
  committed: boolean;
  /** When it last moved on. */
  movedAt: number;
  /** When it was last known to be the current one, since 1970; undefined while it is. */
  supersededAt: number | undefined;
}

const FOR_EVER: Step = { kind: "wait", until: Infinity };

export class DomainPush implements Holding {
  readonly domain: string;
  active: ActivePolicy | undefined;
  refused: RefusedPolicy | undefined;
  behind = false;
  lackingSince: number | undefined;
  readonly #settings: DeliverySettings;
  readonly #onDemand: boolean;
  #held: HashSet;
  #push: Push | undefined;
  #confirmedAt = -Infinity;
  /** When it is told of a position that has moved, if nothing else happens; -Infinity: that is not known. */
  #progressAt = -Infinity;

  /**
   * @param active what the sidecar said it decides by
   * @param held the hashes of the shards that it said it has
   * @param onDemand whether it loads shards of organizations on demand, so that none is pushed
   */
  constructor(
    domain: string,
    active: ActivePolicy | undefined,
    held: HashSet,
    settings: DeliverySettings,
    onDemand = false,
  ) {
    this.domain = domain;
    this.active = active;
    this.#held = held;
    this.#settings = settings;
    this.#onDemand = onDemand;
  }

  /** The revision under way. */
  get outstanding(): string | undefined {
    return this.#push?.policy.revision;
  }

  /** Takes note of what is current. Call it with every publication. */
  observe(current: CompiledPolicy | undefined, at: Instant): void {
    const push = this.#push;
    const isOther = push !== undefined && push.policy.revision !== current?.revision;
    if (push) push.supersededAt = isOther ? (push.supersededAt ?? at.wall) : undefined;
    // While another one is under way to it, it may decide by that.
    const hasIt = current?.revision === this.active?.revision && !isOther;
    if (current === undefined || hasIt) this.lackingSince = undefined;
    else this.lackingSince ??= at.now;
  }

  /**
   * Whether a publication says nothing that `next` has not said to wait for: only the position moves, as it does with each
   * write of a status, and that is told at a time that stands.
   */
  isAwaitingProgress(current: CompiledPolicy | undefined, now: number): boolean {
    const isIdle = this.#push === undefined && current !== undefined && now < this.#progressAt;
    return isIdle && this.active?.revision === current.revision;
  }

  /** What to write next; moves on by that step. Call it whenever there is room to write. */
  next(current: CompiledPolicy | undefined, at: Instant): Step {
    this.observe(current, at);
    this.#progressAt = -Infinity;
    if (this.#push) return this.#advance(this.#push, at);
    if (current === undefined) return FOR_EVER;
    if (!mayReplace(this.active, current)) return this.#sayBehind(current);
    this.behind = false;
    if (this.active?.revision === current.revision) return this.#confirm(this.active, current, at.now);
    if (this.refused?.revision === current.revision && at.now < this.refused.until) {
      return { kind: "wait", until: this.refused.until };
    }
    if (current.isConfirmedOnly) return FOR_EVER;
    const lacking = missingShards(current, this.#held);
    const missing = this.#onDemand ? lacking.filter(({ id }) => !id.startsWith(ORGANIZATION_SHARD)) : lacking;
    const progress = { index: 0, offset: 0, committed: false, movedAt: at.now, supersededAt: undefined };
    this.#push = { policy: current, missing, ...progress };
    return this.#advance(this.#push, at);
  }

  /** Takes the answer to a Commit. */
  reply(reply: Reply, current: CompiledPolicy | undefined, at: Instant): Verdict {
    const push = this.#push;
    const outstanding = push && { revision: push.policy.revision, committed: push.committed };
    const verdict = judgeReply(outstanding, reply);
    if (push === undefined || verdict === "stale") return verdict;
    this.#push = undefined;
    if (reply.refusal === undefined) this.#acknowledged(push.policy);
    else this.#refusedBy(reply.revision, reply.refusal, at.now);
    this.observe(current, at);
    return verdict;
  }

  /** Whether the sidecar has not taken the next piece, or not answered, for too long. */
  stalled(now: number): boolean {
    return this.#push !== undefined && now - this.#push.movedAt > this.#settings.stallMs;
  }

  #advance(push: Push, at: Instant): Step {
    if (push.committed) return FOR_EVER;
    push.movedAt = at.now;
    const shard = push.missing[push.index];
    if (shard === undefined) {
      push.committed = true;
      this.#confirmedAt = at.now;
      return { kind: "commit", policy: push.policy, issuedAt: push.supersededAt ?? at.wall };
    }
    const start = push.offset;
    const end = Math.min(shard.bytes.length, start + deliveryLimits.chunkBytes);
    push.offset = end;
    if (end === shard.bytes.length) {
      push.index++;
      push.offset = 0;
    }
    return { kind: "chunk", shard, start, end };
  }

  #sayBehind(current: CompiledPolicy): Step {
    if (this.behind) return FOR_EVER;
    this.behind = true;
    return { kind: "behind", policy: current };
  }

  #confirm(active: ActivePolicy, current: CompiledPolicy, now: number): Step {
    // Who has the revision has its shards. If that is all, one set serves all such sidecars.
    const shards = hashesOf(current);
    if (this.#held.size <= shards.size) this.#held = shards;
    const moved = active.epoch !== current.epoch || !hasReached(active.position, current.position);
    const due = this.#confirmedAt + (moved ? this.#settings.progressMs : this.#settings.heartbeatMs);
    if (moved) this.#progressAt = due;
    if (now < due) return { kind: "wait", until: due };
    this.#confirmedAt = now;
    this.active = activeOf(current);
    return { kind: "progress", policy: current };
  }

  #acknowledged(policy: CompiledPolicy): void {
    this.active = activeOf(policy);
    this.#held = hashesOf(policy);
    this.refused = undefined;
  }

  #refusedBy(revision: string, refusal: { code: string; message: string }, now: number): void {
    const times = this.refused?.revision === revision ? this.refused.times + 1 : 1;
    const { refusalMs, maxRefusalMs } = this.#settings;
    const restMs = Math.min(maxRefusalMs, refusalMs * 2 ** Math.min(times - 1, 30));
    this.refused = { revision, ...refusal, times, until: now + restMs };
    // It lacks something that it was thought to have: all is sent again.
    if (refusal.code === "SG2003") this.#held = NO_HASHES;
  }
}

const actives = new WeakMap<CompiledPolicy, ActivePolicy>();

/** A policy as all sidecars have it that decide by it: one object, by which they are counted together. */
function activeOf(policy: CompiledPolicy): ActivePolicy {
  let active = actives.get(policy);
  if (active === undefined) {
    const { revision, epoch, position } = policy;
    actives.set(policy, (active = { revision, epoch, position }));
  }
  return active;
}
