import type { Rate } from "./reception/address-meter.ts";

/** How the delivery server treats its sidecars. */
export interface DeliverySettings {
  /**
   * The longest silence on a stream, in milliseconds. A policy's age in a sidecar reaches this value between two
   * confirmations, so `staleness.maxSeconds` must be well above it.
   */
  readonly heartbeatMs: number;
  /** The shortest time between two messages about the position alone, in milliseconds. */
  readonly progressMs: number;
  /** Until a new stream must have said Hello, in milliseconds. */
  readonly helloMs: number;
  /** Until a sidecar must have taken the next piece of a policy, or answered its Commit, in milliseconds. */
  readonly stallMs: number;
  /** The wait after a first refusal of a revision, in milliseconds; doubles with each further one. */
  readonly refusalMs: number;
  /** The longest wait after a refusal, in milliseconds. */
  readonly maxRefusalMs: number;
  /** Between two questions whether a sidecar may still have its domains, in milliseconds. */
  readonly recheckMs: number;
  /**
   * Streams at once of one pod, and of one user whose token names no pod; the oldest gives way. A node's sidecar has one for
   * each domain.
   */
  readonly streamsPerPod: number;
  readonly streamsPerUser: number;
  /** Connections at once on which nobody is served yet, of all addresses and of one; the oldest gives way. */
  readonly waitingConnections: number;
  readonly waitingPerAddress: number;
  /** How fast one address may open connections; further ones are closed. */
  readonly newPerAddress: Rate;
  /** Streams at once. Each may hold up to 320 KiB of a policy in its buffers. */
  readonly maxSidecars: number;
}

export const defaultDeliverySettings: DeliverySettings = {
  heartbeatMs: 5_000,
  progressMs: 1_000,
  helloMs: 10_000,
  stallMs: 120_000,
  refusalMs: 1_000,
  maxRefusalMs: 60_000,
  recheckMs: 300_000,
  streamsPerPod: 64,
  streamsPerUser: 500,
  waitingConnections: 1_024,
  waitingPerAddress: 256,
  newPerAddress: { burst: 1_000, perSecond: 50 },
  maxSidecars: 2_000,
};
