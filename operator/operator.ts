import type { Clock } from "../host/clock.ts";
import { type Components, composeOperator } from "./compose-operator.ts";
import { type DeliveryServer, startDeliveryServer } from "./delivery/delivery-server.ts";
import { startHealthServer } from "./health-server.ts";
import { operatorGauges } from "./operator-gauges.ts";
import type { OperatorOptions } from "./operator-options.ts";
import type { PolicyBook } from "./policy-book.ts";
import type { Part } from "./replica.ts";
import type { Source } from "./source/source.ts";
import { Stops } from "./stops.ts";

/** Between two requests for news of how far everything is. */
const HURRY_MS = 5_000;

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
  const components = composeOperator(options);
  const { book, domains, folderKeys, parts, ready } = components;
  const stops = new Stops();
  const isReady = () => !stops.isRunning && components.isReady();
  const serveHealth = healthServing(options, components, isReady, stops);
  // Each comes before what needs it, and is stopped after that: health is served to the end, for whoever probes, and
  // objects are read until the last sidecar has gone elsewhere.
  try {
    const healthAddress = await serveHealth(options.health);
    const metricsAddress = await serveHealth(options.metrics);
    await startParts(parts, options.stopping, stops);
    const source = openSource(options, components, stops);
    leaveWhenUnserved(options, parts, stops);
    const delivery = await startDelivery(options, components, source, stops);
    await source.start(folderKeys?.events ?? domains);
    const stop = () => stops.run(options.graceMs);
    return { book, delivery, healthAddress, metricsAddress, ready, isReady, stop };
  } catch (error) {
    await stops.run(0);
    throw error;
  }
}

function healthServing(
  { clock, logger }: OperatorOptions,
  components: Components,
  isReady: () => boolean,
  stops: Stops,
) {
  const gauges = operatorGauges({ ...components, isReady });
  return async (listen: string | undefined): Promise<string | undefined> => {
    if (listen === undefined) return undefined;
    const server = await startHealthServer({ listen, clock, logger, isReady, gauges });
    stops.add(() => server.stop());
    return server.address;
  };
}

async function startParts(
  parts: readonly Part[],
  stopping: AbortSignal | undefined,
  stops: Stops,
): Promise<void> {
  for (const part of parts) {
    // Before it has begun, since that may wait for the API server, and be given up.
    stops.add(() => part.stop());
    await unlessStopping(part.start?.(), stopping);
  }
}

/** Makes the source. When it stops, so does what lives on its events. */
function openSource(options: OperatorOptions, components: Components, stops: Stops): Source {
  const { book, vouched, guard, domains, folderKeys, keyFetcher, caretaker } = components;
  const source = options.createSource({
    onUnreadable: (domain, kind, name, error) => domains.reject(domain, kind, name, error),
    onContact: (isInTouch) => vouched.setContact(isInTouch),
    onFatal: options.onFatal,
  });
  const unsubscribe = book.subscribe((domain) => caretaker?.published(domain));
  stops.add(async () => {
    await source.stop();
    vouched.stop();
    guard.stop();
    domains.stop();
    unsubscribe();
    folderKeys?.stop();
    await keyFetcher.close();
  });
  return source;
}

/** Gives the right to vouch back once no sidecar is served any more. */
function leaveWhenUnserved({ vouching }: OperatorOptions, parts: readonly Part[], stops: Stops): void {
  stops.add(async () => {
    // While this replica still counts, so that nobody takes its sidecars for gone.
    for (const part of parts) await part.unserved?.();
    await vouching?.leave();
  });
}

/** Serves sidecars. When that stops, they are handed over while the caretaker finishes its writes. */
async function startDelivery(
  options: OperatorOptions,
  { book, fleet, caretaker, deliveryParts }: Components,
  source: Source,
  stops: Stops,
): Promise<DeliveryServer> {
  const { listen, clock, logger, care } = options;
  const delivery = await startDeliveryServer({
    ...deliveryParts,
    ...{ book, fleet, listen, clock, logger },
    settings: { ...deliveryParts?.settings, ...options.deliverySettings },
    // Of kinds that nobody changes a replica knows how far they are only once a minute, and each at another time.
    onBehind: atMostEvery(HURRY_MS, clock, () => source.hurry?.()),
  });
  const release = async () => {
    await caretaker?.stop();
    await care?.release?.();
  };
  stops.add(async (graceMs) => {
    await Promise.all([release(), delivery.stop(graceMs)]);
  });
  return delivery;
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
