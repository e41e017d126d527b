/**
 * Looks after the objects of all domains: one key per object, on which the handlers of its kind run one after the other.
 *
 * What a person has just changed, and a few objects that hang on it, go through the interactive lane. Whatever is many
 * (all objects after a start, all bindings of a changed role) goes through the background lane, whose writes are paced.
 */

import type { Logger } from "pino";
import type { Verdict } from "../../engine/diagnose/diagnose.ts";
import type { Kind, SidegateObject } from "../../engine/model/objects.generated.ts";
import { kinds } from "../../engine/model/objects.generated.ts";
import { compareResourceVersions, isResourceVersion } from "../../engine/model/position.ts";
import type { World } from "../../engine/model/world.ts";
import { type Clock, pause } from "../../host/clock.ts";
import type { ConstraintReports } from "../constraints/constraint-reports.ts";
import { describeReport } from "../constraints/describe-report.ts";
import type { ObjectChange } from "../domains.ts";
import { describeDomain } from "../effective/describe-domain.ts";
import type { Effective } from "../effective/effective.ts";
import type { EventRecorder } from "../events/event-recorder.ts";
import { describeHold } from "../guard/describe-hold.ts";
import type { Guard } from "../guard/guard.ts";
import { describeKeys } from "../keys/describe-keys.ts";
import type { KeyKeeper } from "../keys/key-keeper.ts";
import { Controller } from "../kube/controller.ts";
import type { KubeApi, KubeObject } from "../kube/kube-api.ts";
import { isConflict } from "../kube/kube-error.ts";
import { TokenBucket } from "../kube/rate-limits.ts";
import type { Item, Lane } from "../kube/work-queue.ts";
import { ensureDefaultBindings } from "./ensure-default-bindings.ts";
import { ensureInUse } from "./ensure-in-use.ts";
import { ensureLeaving } from "./ensure-leaving.ts";
import { ensureRevocation } from "./ensure-revocation.ts";
import { ensureStatus } from "./ensure-status.ts";
import { keptUntilRevoked, keptWhileInUse } from "./finalizers.ts";
import type { Handler } from "./handler.ts";
import { Namespaces } from "./namespaces.ts";
import { formatKey, parseKey } from "./object-key.ts";
import { pacedApi } from "./paced-api.ts";
import { relatedObjects } from "./related-objects.ts";

export interface ReconcilerOptions {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly domains: { names(): Iterable<string>; worldOf(domain: string): World | undefined };
  readonly diagnose: (world: World, object: SidegateObject) => Verdict;
  readonly constraints: Pick<ConstraintReports, "policyOf" | "reportOf" | "isSettled">;
  /** What is known of the keys of token policies. */
  readonly keys: Pick<KeyKeeper, "stateOf">;
  /** What is known of how far changes have come. */
  readonly effective: Pick<Effective, "of" | "restart" | "withdraw" | "whenEffective" | "progressOf">;
  /** The revision of the policy of a domain. */
  readonly revisionOf: (domain: string) => string | undefined;
  /** What is held back. */
  readonly guard: Pick<Guard, "holdOf">;
  /** Default: nothing is recorded. */
  readonly events?: EventRecorder;
  /** Writes a second that objects in the background share. Default 200. */
  readonly backgroundWritesPerSecond?: number;
}

/** A change that touches more objects than this goes through the background lane. */
const MANY = 50;

/** How long an object may be older than the operator's own last write of it before it is looked at all the same. */
const BEHIND_MS = 60_000;

export class Reconciler {
  readonly #options: ReconcilerOptions;
  readonly #controller: Controller;
  readonly #handlers: ReadonlyMap<Kind, readonly Handler[]>;
  readonly #background: TokenBucket;
  readonly #stop = new AbortController();
  /** By key, whether what it waits for is effective. */
  readonly #barriers = new Map<string, { isPassed: boolean }>();
  /** By key, the wait for another look at it: when it is due, on the monotonic clock, and how to end it. */
  readonly #later = new Map<string, { readonly at: number; readonly cancel: () => void }>();
  /** By key, the resourceVersion that the operator's own last write left, and when, on the monotonic clock. */
  readonly #written = new Map<string, { readonly resourceVersion: string; readonly at: number }>();

  constructor(options: ReconcilerOptions) {
    const { api, clock, logger, diagnose, constraints, keys, effective, revisionOf, guard, events } = options;
    const { backgroundWritesPerSecond = 200 } = options;
    this.#options = options;
    this.#background = new TokenBucket(backgroundWritesPerSecond, backgroundWritesPerSecond, () =>
      clock.now(),
    );
    this.#controller = new Controller({
      clock,
      reconcile: (item) => this.#reconcile(item),
      onError: (key, error, waitMs) => {
        const level = isConflict(error) ? "debug" : "warn";
        logger[level]({ key, waitMs: Math.round(waitMs), err: error }, "Reconciling failed");
      },
    });
    const namespaces = new Namespaces(api, clock);
    const isNamespaceTerminating = (namespace: string) => namespaces.isTerminating(namespace);
    this.#handlers = handlersByKind({
      inUse: ensureInUse({ isNamespaceTerminating }),
      leaving: ensureLeaving({
        isNamespaceTerminating,
        isEffective: (domain, key) => this.#isPassed(domain, key),
        forget: (key) => void this.#barriers.delete(key),
      }),
      revocation: ensureRevocation({
        isNamespaceTerminating,
        isEffective: (domain, object) => effective.of(domain, object).isEffective,
      }),
      defaults: ensureDefaultBindings({
        isNamespaceTerminating,
        constraints,
        wallTime: () => clock.wallTime(),
        logger,
        events,
      }),
      status: ensureStatus({
        diagnose,
        events,
        report(domain, object) {
          if (object.kind === "AccessDomain") {
            const held = describeHold(object, guard.holdOf(domain));
            const progress = describeDomain(revisionOf(domain), effective.progressOf(domain));
            return { ...held, fields: { ...held.fields, ...progress } };
          }
          if (object.kind !== "TokenPolicy") return describeReport(constraints, domain, object);
          return describeKeys(object, keys.stateOf(domain, object.metadata.name), clock.wallTime());
        },
        effective,
        clock,
        later: (key, ms, lane) => this.#lookLater(key, ms, lane),
      }),
    });
  }

  /** How many objects wait to be looked at. */
  get pending(): number {
    return this.#controller.pending;
  }

  /** Looks at every object there is. */
  addAll(): void {
    const { domains } = this.#options;
    for (const domain of domains.names()) {
      for (const kind of kinds) {
        for (const { metadata } of domains.worldOf(domain)?.list(kind) ?? []) {
          this.#controller.add(formatKey({ domain, kind, name: metadata.name }), "background");
        }
      }
    }
  }

  /** Looks at an object that changed and at those that depend on it. */
  changed(change: ObjectChange): void {
    const { domain } = change;
    this.#controller.add(formatKey(change), "interactive");
    const world = this.#options.domains.worldOf(domain);
    if (!change.isContent || world === undefined) return;
    const related = new Set<string>();
    for (const { kind, name } of relatedObjects(world, change))
      related.add(formatKey({ domain, kind, name }));
    const lane: Lane = related.size > MANY ? "background" : "interactive";
    for (const key of related) this.#controller.add(key, lane);
  }

  /** Looks at objects about which there is something new to say. */
  reported(domain: string, objects: readonly { readonly kind: Kind; readonly name: string }[]): void {
    const keys = new Set(objects.map((object) => formatKey({ domain, ...object })));
    const lane: Lane = keys.size > MANY ? "background" : "interactive";
    for (const key of keys) this.#controller.add(key, lane);
  }

  /** Starts nothing new and resolves when what is under way is done. */
  async drain(): Promise<void> {
    this.#stop.abort();
    for (const { cancel } of this.#later.values()) cancel();
    this.#later.clear();
    await this.#controller.drain();
  }

  async #reconcile({ key, lane }: Item): Promise<void> {
    const { domain, kind, name } = parseKey(key);
    const world = this.#options.domains.worldOf(domain);
    const object = world?.get(kind, name);
    if (world === undefined || object === undefined) {
      this.#written.delete(key);
      this.#barriers.delete(key);
      return;
    }
    // The event of the operator's own last write is still to come, and brings the key back.
    if (this.#isBehind(key, object)) return;
    const api = pacedApi(
      this.#options.api,
      () => this.#turn(lane),
      (written) => this.#wrote(domain, written),
    );
    const errors: unknown[] = [];
    for (const handler of this.#handlers.get(kind) ?? []) {
      await handler({ domain, key, object, world, api }).catch((error: unknown) => errors.push(error));
    }
    if (errors.length > 0) throw errors[0];
  }

  /** Lets a write go when it may; rejects once the operator stops, so that a long series of writes ends there. */
  async #turn(lane: Lane): Promise<void> {
    const { signal } = this.#stop;
    if (lane === "background") {
      const wait = this.#background.reserve();
      if (wait > 0) await pause(this.#options.clock, wait, signal);
    }
    signal.throwIfAborted();
  }

  #isBehind(key: string, { metadata }: SidegateObject): boolean {
    const written = this.#written.get(key);
    if (written === undefined) return false;
    const isSeen = compareResourceVersions(metadata.resourceVersion ?? "0", written.resourceVersion) >= 0;
    // After a restore of etcd the write may never come back.
    if (!isSeen && this.#options.clock.now() - written.at < BEHIND_MS) return true;
    this.#written.delete(key);
    return false;
  }

  #wrote(domain: string, { kind, metadata }: KubeObject): void {
    const { name, resourceVersion } = metadata;
    if (resourceVersion === undefined || !isResourceVersion(resourceVersion)) return;
    const key = formatKey({ domain, kind: kind as Kind, name });
    this.#written.set(key, { resourceVersion, at: this.#options.clock.now() });
  }

  #isPassed(domain: string, key: string): boolean {
    const known = this.#barriers.get(key);
    if (known !== undefined) return known.isPassed;
    const barrier = { isPassed: false };
    this.#barriers.set(key, barrier);
    this.#options.effective.whenEffective(domain, () => {
      barrier.isPassed = true;
      if (this.#barriers.get(key) === barrier) this.#controller.add(key, "interactive");
    });
    return false;
  }

  #lookLater(key: string, ms: number, lane: Lane = "interactive"): void {
    const { clock } = this.#options;
    const before = this.#later.get(key);
    const at = clock.now() + ms;
    if ((before !== undefined && before.at <= at) || this.#stop.signal.aborted) return;
    before?.cancel();
    const cancel = clock.after(ms, () => {
      this.#later.delete(key);
      this.#controller.add(key, lane);
    });
    this.#later.set(key, { at, cancel });
  }
}

interface Handlers {
  readonly inUse: Handler;
  readonly revocation: Handler;
  readonly leaving: Handler<"Membership">;
  readonly defaults: Handler<"Membership">;
  readonly status: Handler;
}

function handlersByKind({
  inUse,
  revocation,
  leaving,
  defaults,
  status,
}: Handlers): ReadonlyMap<Kind, readonly Handler[]> {
  return new Map(
    kinds.map((kind) => {
      if (kind === "Membership") return [kind, [leaving as Handler, defaults as Handler, status]];
      if (keptUntilRevoked.has(kind)) return [kind, [revocation, status]];
      return [kind, keptWhileInUse.has(kind) ? [inUse, status] : [status]];
    }),
  );
}
