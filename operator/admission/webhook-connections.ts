/**
 * The connections of the webhooks' port, which anybody in the cluster may open.
 *
 *   waiting    no request is there yet, or one is being sent; cut after `requestMs`
 *   answering  a whole request is there; its answer has a deadline of its own
 *   idle       answered, and kept for the next request; cut after `idleMs`
 *
 *   waiting -> answering -> idle -> waiting (its first bytes) -> ...
 *
 * When there are too many, the oldest one that is not being answered makes room for the new one, so that nobody can keep the
 * API server out by holding connections open.
 */

import type { Socket } from "node:net";
import type { Clock } from "../../host/clock.ts";

export interface ConnectionLimits {
  /** Connections at a time. */
  readonly connections: number;
  /** Milliseconds that a handshake and a whole request may take. */
  readonly requestMs: number;
  /** Milliseconds that a connection may wait for its next request. */
  readonly idleMs: number;
}

interface Connection {
  readonly socket: Socket;
  isAnswering: boolean;
  cancel: () => void;
}

export class WebhookConnections {
  readonly #clock: Clock;
  readonly #limits: ConnectionLimits;
  /** By peer, from the one that has been waiting longest. */
  readonly #connections = new Map<string, Connection>();
  #onEmpty: () => void = () => {};

  constructor(clock: Clock, limits: ConnectionLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  get size(): number {
    return this.#connections.size;
  }

  /** Takes a connection, as it was accepted. */
  add(socket: Socket): void {
    const key = peerOf(socket);
    if (key === undefined) {
      socket.destroy();
      return;
    }
    if (this.#connections.size >= this.#limits.connections) this.#makeRoom();
    const connection: Connection = { socket, isAnswering: false, cancel: () => {} };
    this.#connections.set(key, connection);
    this.#limit(connection, this.#limits.requestMs);
    socket.on("error", () => socket.destroy());
    socket.once("close", () => {
      connection.cancel();
      if (this.#connections.get(key) === connection) this.#connections.delete(key);
      if (this.#connections.size === 0) this.#onEmpty();
    });
  }

  /** Resolves once there is no connection, after `ms` at the latest. To be called once, when no more are added. */
  emptied(ms: number): Promise<void> {
    if (this.#connections.size === 0 || ms <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.#clock.after(ms, resolve);
      this.#onEmpty = () => {
        cancel();
        resolve();
      };
    });
  }

  /** Says that a request begins to arrive. @param socket the connection, or what lies on it */
  receiving(socket: Socket): void {
    const connection = this.#find(socket);
    if (connection !== undefined) this.#limit(connection, this.#limits.requestMs);
  }

  /** Says that a whole request is there. */
  answering(socket: Socket): void {
    const connection = this.#find(socket);
    if (connection === undefined) return;
    connection.isAnswering = true;
    connection.cancel();
  }

  /** Says that a request is answered. */
  answered(socket: Socket): void {
    const key = peerOf(socket);
    const connection = key === undefined ? undefined : this.#connections.get(key);
    if (key === undefined || connection === undefined) return;
    connection.isAnswering = false;
    this.#connections.delete(key);
    this.#connections.set(key, connection);
    this.#limit(connection, this.#limits.idleMs);
  }

  /** Cuts all that are not being answered, or all. */
  close({ answering }: { readonly answering: boolean }): void {
    for (const connection of [...this.#connections.values()])
      if (answering || !connection.isAnswering) connection.socket.destroy();
  }

  #limit(connection: Connection, ms: number): void {
    connection.cancel();
    connection.cancel = this.#clock.after(ms, () => connection.socket.destroy());
  }

  #makeRoom(): void {
    for (const { socket, isAnswering } of this.#connections.values()) {
      if (isAnswering) continue;
      socket.destroy();
      return;
    }
  }

  #find(socket: Socket): Connection | undefined {
    const key = peerOf(socket);
    return key === undefined ? undefined : this.#connections.get(key);
  }
}

/** A connection and the TLS on it have the same peer, and no two connections have. */
function peerOf({ remoteAddress, remotePort }: Socket): string | undefined {
  return remotePort === undefined ? undefined : `${remoteAddress} ${remotePort}`;
}
