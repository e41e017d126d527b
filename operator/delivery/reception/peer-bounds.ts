import type { Clock } from "../../../host/clock.ts";
import type { PeerIdentity } from "../../identity/peer-identity.ts";
import type { DeliverySettings } from "../settings.ts";
import { AddressMeter } from "./address-meter.ts";

/** Whose streams are counted together. */
export interface PeerBound {
  readonly kind: "user" | "pod";
  /** As people read it. */
  readonly peer: string;
  /** How many streams it may have at once. */
  readonly most: number;
}

/** How many streams somebody may have, and how often he may open one. */
export class PeerBounds {
  readonly #settings: Pick<DeliverySettings, "streamsPerPod" | "streamsPerUser">;
  readonly #rates: Readonly<Record<PeerBound["kind"], AddressMeter>>;

  constructor(clock: Clock, settings: Pick<DeliverySettings, "streamsPerPod" | "streamsPerUser">) {
    this.#settings = settings;
    this.#rates = {
      pod: newStreams(clock, settings.streamsPerPod),
      user: newStreams(clock, settings.streamsPerUser),
    };
  }

  of({ user, pod }: PeerIdentity): PeerBound {
    const { streamsPerPod, streamsPerUser } = this.#settings;
    if (pod === undefined) return { kind: "user", peer: `user ${user}`, most: streamsPerUser };
    return { kind: "pod", peer: `pod ${pod.namespace}/${pod.name} (${pod.uid})`, most: streamsPerPod };
  }

  /** Whether one more stream may be opened now. */
  take({ kind, peer }: PeerBound): boolean {
    return this.#rates[kind].take(peer);
  }
}

/**
 * How often a peer may open a stream: all that it may have eight times over, and then all within 16 s. Each may bear another
 * name, and whoever is gone without a goodbye is remembered, in memory and in the DeliveryReport, until its bound is over.
 */
function newStreams(clock: Clock, most: number): AddressMeter {
  return new AddressMeter(clock, { burst: 8 * most, perSecond: most / 16 });
}
