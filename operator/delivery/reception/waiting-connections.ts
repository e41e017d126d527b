/**
 * Bounds what connections cost on which nobody is served.
 *
 * States of a connection:
 *   waiting  in its handshake, without a stream that was let in, or after the last such stream; for `helloMs` at most
 *   serving  at least one stream was let in
 *   gone     closed
 * Transitions: waiting -> serving by `serve`; serving -> waiting when the last stream is released; any -> gone when it
 * closes, and waiting -> gone when its time is up, when it was refused too often or when it has to make room.
 *
 * Where too many wait, the oldest of the address with the most goes: who floods pushes out his own.
 */
import type { Socket } from "node:net";
import type { Clock } from "../../../host/clock.ts";
import { AddressMeter, type Rate } from "./address-meter.ts";

export interface WaitingLimits {
  /** How long a connection may wait, in milliseconds. */
  readonly helloMs: number;
  /** Connections that wait, of all addresses and of one. */
  readonly waitingConnections: number;
  readonly waitingPerAddress: number;
  /** New connections from one address. */
  readonly newPerAddress: Rate;
}

/** Told of what is closed because of its peer. @param why as people read it */
export type OnClosed = (address: string, why: string) => void;

interface Waiting {
  readonly socket: Socket;
  readonly address: string;
  /** Whether a stream was let in at some time. */
  wasServed: boolean;
  streams: number;
  /** Streams of which it is not known yet who opened them, those that were taken back included. */
  asking: number;
  refused: number;
  cancel: () => void;
}

/** Streams of one connection that may be refused. A sidecar opens a connection for each try. */
const REFUSALS = 4;
/** Streams of one connection that may be asked about at a time: several times as many as may be open. */
const ASKING = 32;

export class WaitingConnections {
  readonly #clock: Clock;
  readonly #limits: WaitingLimits;
  readonly #onClosed: OnClosed;
  readonly #meter: AddressMeter;
  readonly #connections = new Map<string, Waiting>();
  /** Those that wait, by address, the oldest first. */
  readonly #waiting = new Map<string, Set<Waiting>>();
  #count = 0;

  constructor(clock: Clock, limits: WaitingLimits, onClosed: OnClosed) {
    this.#clock = clock;
    this.#limits = limits;
    this.#onClosed = onClosed;
    this.#meter = new AddressMeter(clock, limits.newPerAddress);
  }

  /** How many wait. */
  get size(): number {
    return this.#count;
  }

  /** Takes note of a new connection. Answers false when it was closed because there are too many from its address. */
  add(socket: Socket): boolean {
    const { remoteAddress: address, remotePort } = socket;
    // A Unix socket, which only this user can open.
    if (address === undefined) return true;
    if (!this.#meter.take(address)) {
      this.#onClosed(address, "it opens connections too often");
      socket.destroy();
      return false;
    }
    const waiting: Waiting = {
      ...{ socket, address, wasServed: false, streams: 0, asking: 0, refused: 0 },
      cancel: () => {},
    };
    const peer = `${address}:${remotePort}`;
    this.#connections.set(peer, waiting);
    socket.once("close", () => {
      this.#leave(waiting);
      if (this.#connections.get(peer) === waiting) this.#connections.delete(peer);
    });
    this.#wait(waiting);
    return true;
  }

  /**
   * A stream of a peer was let in, so its connection may stay. Returns the way to say that the stream is over.
   *
   * @param peer "ADDRESS:PORT", as grpc-js names it
   */
  serve(peer: string): () => void {
    const waiting = this.#connections.get(peer);
    if (waiting === undefined) return () => {};
    if (waiting.streams === 0) this.#leave(waiting);
    waiting.streams++;
    waiting.wasServed = true;
    let over = false;
    return () => {
      if (over) return;
      over = true;
      waiting.streams--;
      if (waiting.streams === 0 && !waiting.socket.destroyed) this.#wait(waiting);
    };
  }

  /** Whether a stream of a peer was let in, and is not over. */
  isServed(peer: string): boolean {
    return (this.#connections.get(peer)?.streams ?? 0) > 0;
  }

  /**
   * It is to be asked who opened a stream of a peer. Returns the way to say that this is known; undefined where the connection
   * was closed instead, since whoever takes streams back as fast as he opens them would fill the queue that all wait in.
   */
  ask(peer: string): (() => void) | undefined {
    const waiting = this.#connections.get(peer);
    if (waiting === undefined) return () => {};
    if (waiting.asking >= ASKING) {
      this.#onClosed(waiting.address, `it opened ${ASKING} streams before the first was let in or refused`);
      waiting.socket.destroy();
      return undefined;
    }
    waiting.asking++;
    return () => {
      waiting.asking--;
    };
  }

  /** A stream of a peer was refused. */
  refuse(peer: string): void {
    const waiting = this.#connections.get(peer);
    if (waiting === undefined) return;
    waiting.refused++;
    if (waiting.refused > REFUSALS) waiting.socket.destroy();
  }

  #wait(waiting: Waiting): void {
    const { address, socket } = waiting;
    const { helloMs, waitingConnections, waitingPerAddress } = this.#limits;
    const others = this.#waiting.get(address) ?? new Set();
    if (others.size >= waitingPerAddress) this.#cutOldest(address);
    else if (this.#count >= waitingConnections) this.#cutOldest(this.#mostCrowded());
    waiting.cancel = this.#clock.after(helloMs, () => {
      // A sidecar that asks for something now and then leaves its connection open in between.
      if (!waiting.wasServed) this.#onClosed(address, `nobody was let in on it within ${helloMs} ms`);
      socket.destroy();
    });
    others.add(waiting);
    this.#waiting.set(address, others);
    this.#count++;
  }

  #leave(waiting: Waiting): void {
    const others = this.#waiting.get(waiting.address);
    if (!others?.delete(waiting)) return;
    waiting.cancel();
    this.#count--;
    if (others.size === 0) this.#waiting.delete(waiting.address);
  }

  #cutOldest(address: string): void {
    const [oldest] = this.#waiting.get(address) ?? [];
    if (oldest === undefined) return;
    this.#leave(oldest);
    this.#onClosed(address, "too many are open on which nobody was let in");
    oldest.socket.destroy();
  }

  #mostCrowded(): string {
    let most = "";
    for (const [address, { size }] of this.#waiting) {
      if (size > (this.#waiting.get(most)?.size ?? 0)) most = address;
    }
    return most;
  }
}
