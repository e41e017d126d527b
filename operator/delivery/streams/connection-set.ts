import { SidegateError } from "../../../engine/errors/sidegate-error.ts";
import type { Clock } from "../../../host/clock.ts";
import type { PeerBound } from "../reception/peer-bounds.ts";
import type { Connection } from "./connection.ts";

type Bound = Pick<PeerBound, "peer" | "most">;

/** Between the ends of two streams that are handed over. */
const APART_MS = 5;
/** So few are handed over without a pause. */
const AT_ONCE = 10;
/** The part of the time that the ends are spread over at most; in the rest pushes under way may be answered. */
const SPREAD_SHARE = 0.8;

/** The connections that are of use. Of one sidecar it is the latest, and of one peer the latest so many. */
export class ConnectionSet {
  /** In the order in which they came. */
  readonly #connections = new Set<Connection>();
  readonly #byPeer = new Map<string, Set<Connection>>();
  readonly #byId = new Map<string, Connection>();
  #isDraining = false;
  #onEmpty: () => void = () => {};

  /** Whether no more are to come. */
  get isDraining(): boolean {
    return this.#isDraining;
  }

  get size(): number {
    return this.#connections.size;
  }

  /** @param bound absent where peers can not be told apart */
  add(connection: Connection, bound?: Bound): void {
    this.#connections.add(connection);
    if (bound === undefined) return;
    const { peer, most } = bound;
    const others = this.#byPeer.get(peer) ?? new Set();
    this.#byPeer.set(peer, others.add(connection));
    const [oldest] = others;
    if (others.size > most) oldest?.end(new SidegateError("SG2158", `${peer} has ${most} newer streams`));
  }

  /** The sidecar of a connection has a proven id: if another connection has the same, it is ended. */
  claim(connection: Connection, id: string): void {
    const before = this.#byId.get(id);
    this.#byId.set(id, connection);
    before?.end(new SidegateError("SG2159", "the sidecar has opened a newer stream"));
  }

  delete(connection: Connection, bound?: Bound, id?: string): void {
    this.#connections.delete(connection);
    const others = bound && this.#byPeer.get(bound.peer);
    others?.delete(connection);
    if (others?.size === 0) this.#byPeer.delete(bound?.peer ?? "");
    if (id !== undefined && this.#byId.get(id) === connection) this.#byId.delete(id);
    if (this.#connections.size === 0) this.#onEmpty();
  }

  /** Tells all of them that the current policy of a domain has changed. */
  changed(domain: string): void {
    for (const connection of this.#connections) connection.changed(domain);
  }

  /**
   * Hands all sidecars over to other replicas: one stream after the other is ended, once its push under way is answered,
   * and no more than 200 in a second, so that no replica is overrun. What is left after `ms` milliseconds is ended without
   * waiting.
   */
  async drain(clock: Clock, ms: number): Promise<void> {
    this.#isDraining = true;
    const all = [...this.#connections];
    const apartMs = Math.min(APART_MS, (ms * SPREAD_SHARE) / all.length);
    for (const [index, connection] of all.entries()) {
      if (index < AT_ONCE) connection.drain();
      else clock.after(index * apartMs, () => connection.drain());
    }
    if (this.#connections.size > 0) {
      await new Promise<void>((resolve) => {
        const cancel = clock.after(ms, resolve);
        this.#onEmpty = () => {
          cancel();
          resolve();
        };
      });
    }
    for (const connection of [...this.#connections]) connection.end();
  }
}
