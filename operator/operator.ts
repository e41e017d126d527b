import type { Logger } from "pino";
import type { SidegateError } from "../engine/errors/sidegate-error.ts";
import type { Kind } from "../engine/model/objects.generated.ts";
import type { Clock } from "../host/clock.ts";
import { AdminServer } from "./admin/admin-server.ts";
import { Caretaker } from "./caretaker.ts";
import { type DeliveryServer, startDeliveryServer } from "./delivery/delivery-server.ts";
import type { DeliverySettings } from "./delivery/settings.ts";
import { Domains } from "./domains.ts";
import type { Duty, Term } from "./duty.ts";
import { Fleet } from "./fleet/fleet.ts";
import { OwnReports } from "./fleet/own-reports.ts";
import { Guard } from "./guard/guard.ts";
import { startHealthServer } from "./health-server.ts";
import { createKeyFetcher, type FetchKeys } from "./keys/fetch-keys.ts";
import { keepFolderKeys } from "./keys/keep-folder-keys.ts";
import type { Leadership } from "./leadership.ts";
import { operatorGauges } from "./operator-gauges.ts";
import { createPolicyBook, type PolicyBook } from "./policy-book.ts";
import type { Vouching } from "./replica/vouching.ts";
import type { Additions, Part, Replica } from "./replica.ts";
import type { Source } from "./source/source.ts";
import { VouchedBook } from "./vouched-book.ts";

/** Between two requests for news of how far everything is. */
const HURRY_MS = 5_000;

/** What a source may report besides its events. */
export interface SourceReports {
  /** There is an object of which nothing can be made. Its domain has no current policy until it goes. */
  readonly onUnreadable: (domain: string, kind: Kind, name: string, error: Error) => void;
  /** Whether changes are known to arrive; so they are until this says otherwise. */
  readonly onContact: (isInTouch: boolean) => void;
  /** The source has ended for good. */
  readonly onFatal: (error: SidegateError) => void;
}

/** What is done for the objects, and when. */
export interface Care {
  readonly leadership: Leadership;
  /** Whether a namespace is being deleted. */
  readonly isTerminating: (namespace: string) => Promise<boolean>;
  /** Makes what the leader does in one term. */
  readonly createDuties: (term: Term, tools: CareTools) => readonly Duty[];
  /** Lets another replica lead, once no duty is at work any more. */
  readonly release?: () => Promise<void>;
}

export interface CareTools extends Replica {
  readonly fetchKeys: FetchKeys;
}

export interface OperatorOptions {
  readonly createSource: (reports: SourceReports) => Source;
  /** Absent: nobody looks after the objects, as with a folder. */
  readonly care?: Care | undefined;
  /** Whether this replica may say that its policies are current. Absent: it may. */
  readonly vouching?: Vouching | undefined;
  /** What each replica does besides reading, compiling and delivering. */
  readonly add?: (replica: Replica) => Additions;
  /** The name of this replica among others. Default: "operator", for the only one. */
  readonly replica?: string | undefined;
  /** Where sidecars connect: "HOST:PORT" or "unix:PATH". */
  readonly listen: string;
  /** Where health and metrics are served: "HOST:PORT". Absent: not at all. */
  readonly health?: string | undefined;
  /** Where metrics are served besides: "HOST:PORT". Absent: nowhere else. */
  readonly metrics?: string | undefined;
  /** Where administrators are answered, on loopback: "HOST:PORT" or "unix:PATH". Absent: nowhere. */
  readonly admin?: string | undefined;
  /** Fetches the keys of token policies that name an address. Default: over HTTP. */
  readonly fetchKeys?: FetchKeys;
  readonly clock: Clock;
  /** Uniform in [0, 1), to spread fetches in time. Default: always 0. */
  readonly random?: () => number;
  readonly logger: Logger;
  /** Told of the failure after which the operator can not go on; it should be stopped then. */
  readonly onFatal: (error: SidegateError) => void;
  readonly deliverySettings?: Partial<DeliverySettings>;
  /** Aborted when the process is asked to stop: then a start that is under way rejects with the signal's reason. */
  readonly stopping?: AbortSignal | undefined;
  /** How long sidecars may take to be handed over to other replicas at the end, in milliseconds. Default 5000. */
  readonly graceMs?: number | undefined;
}

export interface Operator {
  readonly book: PolicyBook;
  readonly delivery: DeliveryServer;
  /** Where health is served, if it is. */
  readonly healthAddress: string | undefined;
  readonly metricsAddress: string | undefined;
  /** Resolves when everything seen at the start was read, compiled and published. */
  readonly ready: Promise<void>;
  /** Whether that is so and changes are known to arrive. */
  isReady(): boolean;
  /** Reads, writes and serves nothing any more. Writes under way are finished. */
  stop(): Promise<void>;
}

/**
 * Starts an operator: source, domains, delivery, and, where there is care to take, a caretaker for the objects. Sidecars
 * may connect at once; they wait for the first policy.
 *
 * @throws SidegateError SG3102 or SG3103 where it can not listen
 */
export async function startOperator(options: OperatorOptions): Promise<Operator> {
  const { care, vouching, clock, random = () => 0, logger, listen, onFatal } = options;
  const stops = new Stops();
  const book = createPolicyBook(() => vouching?.isVouching ?? true);
  const fleet = new Fleet();
  const vouched = new VouchedBook(book, clock, logger);
  vouched.suspend(vouching?.isVouching === false);
  vouching?.subscribe((isVouching) => vouched.suspend(!isVouching));
  let isStopping = false;
  const fetcher = createKeyFetcher({ clock });
  const { fetchKeys = fetcher.fetch } = options;
  const { promise: ready, resolve: becomeReady } = Promise.withResolvers<void>();
  const guard = new Guard({
    ...{ book: vouched, clock, logger },
    worldOf: (domain) => domains.worldOf(domain),
    isLeader: () => care?.leadership.isLeader ?? true,
    isTerminating: async (namespace) => (await care?.isTerminating(namespace)) ?? false,
  });
  const domains = new Domains({
    book: guard,
    clock,
    logger,
    onChange(change) {
      guard.changed(change);
      // Before it is ready, everything is going to be looked at anyway.
      if (!domains.isReady) return;
      folderKeys?.changed(change);
      for (const part of parts) part.changed?.(change);
      caretaker?.changed(change);
    },
    onReady() {
      logger.info({ domains: [...domains.names()].length }, "Ready");
      folderKeys?.ready();
      caretaker?.ready();
      becomeReady();
    },
  });
  const folderKeys =
    care === undefined ? keepFolderKeys({ domains, fetchKeys, clock, random, logger }) : undefined;
  const isPublished = () => domains.isReady && vouched.isInTouch;
  const { replica: name = "operator" } = options;
  const own = new OwnReports({ replica: name, domains, book, fleet, guard, clock });
  const replica: Replica = { domains, book, guard, fleet, own, isReady: isPublished };
  const caretaker =
    care &&
    new Caretaker({
      leadership: care.leadership,
      createDuties: (term) => care.createDuties(term, { ...replica, fetchKeys }),
      logger,
    });
  const { parts: added = [], delivery: deliveryParts } = options.add?.(replica) ?? {};
  const admin: readonly Part[] =
    options.admin === undefined ? [] : [new AdminServer({ listen: options.admin, fleet, clock, logger })];
  const parts = [...added, ...admin];
  const isReady = () => !isStopping && isPublished() && parts.every((part) => part.isReady?.() ?? true);

  const gauges = operatorGauges({ domains, fleet, isReady, vouched, caretaker, parts });
  const serve = async (address: string | undefined) => {
    if (address === undefined) return undefined;
    const server = await startHealthServer({ listen: address, clock, logger, isReady, gauges });
    stops.add(() => server.stop());
    return server.address;
  };

  // Each comes before what needs it, and is stopped after that: health is served to the end, for whoever probes, and
  // objects are read until the last sidecar has gone elsewhere.
  try {
    const healthAddress = await serve(options.health);
    const metricsAddress = await serve(options.metrics);
    for (const part of parts) {
      // Before it has begun, since that may wait for the API server, and be given up.
      stops.add(() => part.stop());
      await unlessStopping(part.start?.(), options.stopping);
    }
    const source = options.createSource({
      onUnreadable: (domain, kind, name, error) => domains.reject(domain, kind, name, error),
      onContact: (isInTouch) => vouched.setContact(isInTouch),
      onFatal,
    });
    const unsubscribe = book.subscribe((domain) => caretaker?.published(domain));
    stops.add(async () => {
      await source.stop();
      vouched.stop();
      guard.stop();
      domains.stop();
      unsubscribe();
      folderKeys?.stop();
      await fetcher.close();
    });
    stops.add(async () => {
      // While this replica still counts, so that nobody takes its sidecars for gone.
      for (const part of parts) await part.unserved?.();
      await vouching?.leave();
    });
    const settings = { ...deliveryParts?.settings, ...options.deliverySettings };
    const delivery = await startDeliveryServer({
      ...deliveryParts,
      ...{ book, fleet, listen, clock, logger, settings },
      // Of kinds that nobody changes a replica knows how far they are only once a minute, and each at another time.
      onBehind: atMostEvery(HURRY_MS, clock, () => source.hurry?.()),
    });
    stops.add(async (graceMs) => {
      const release = async () => {
        await caretaker?.stop();
        await care?.release?.();
      };
      await Promise.all([release(), delivery.stop(graceMs)]);
    });
    await source.start(folderKeys?.events ?? domains);
    const stop = async () => {
      isStopping = true;
      await stops.run(options.graceMs);
    };
    return { book, delivery, healthAddress, metricsAddress, ready, isReady, stop };
  } catch (error) {
    await stops.run(0);
    throw error;
  }
}

/** Calls `task` unless it was called less than `ms` milliseconds ago. */
function atMostEvery(ms: number, clock: Clock, task: () => void): () => void {
  let calledAt = Number.NEGATIVE_INFINITY;
  return () => {
    if (clock.now() - calledAt < ms) return;
    calledAt = clock.now();
    task();
  };
}

/** Waits for a part that begins. Rejects with the signal's reason once it is aborted. */
async function unlessStopping(begun: Promise<void> | undefined, signal?: AbortSignal): Promise<void> {
  if (signal === undefined) return begun;
  signal.throwIfAborted();
  const { promise: stopping, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    await Promise.race([begun, stopping]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/** What is to be stopped, the last that was started first. */
class Stops {
  readonly #stops: ((graceMs?: number) => Promise<void>)[] = [];

  add(stop: (graceMs?: number) => Promise<void>): void {
    this.#stops.unshift(stop);
  }

  async run(graceMs?: number): Promise<void> {
    for (const stop of this.#stops.splice(0)) await stop(graceMs);
  }
}
