/**
 * One domain: its compiler, and what was published of it.
 *
 *   reading   before the source is synced: objects are collected, nothing is compiled
 *   changed   objects came since the last compilation, which is due after 25 ms of quiet, at most 250 ms after the first
 *             of them
 *   current   the published policy holds all that was read
 *   failed    an object can not be read, or the last compilation threw. The policy is taken out of the book: sidecars keep
 *             what they have and see it grow old, and the next change tries again. To leave the object out instead could
 *             take a Deny rule away
 *
 *   reading -> current, failed   compile(), once all that was there at the start has been read
 *   any     -> changed           changed(), after that
 *   changed -> current, failed   when it is due
 */

import type { Logger } from "pino";
import type { CompiledPolicy } from "../engine/compile/compiled-policy.ts";
import type { DomainCompiler } from "../engine/compile/domain-compiler.ts";
import type { Kind, SidegateObject } from "../engine/model/objects.generated.ts";
import type { Position } from "../engine/model/position.ts";
import { objectKey } from "../engine/model/references.ts";
import type { World } from "../engine/model/world.ts";
import type { Clock } from "../host/clock.ts";
import type { Publisher } from "./vouched-book.ts";

/** What the objects of a domain come to as they have been read, whether that is published yet or not. */
export interface ReadObjects {
  readonly world: World;
  /** @throws whatever keeps the objects from being compiled */
  compile(): CompiledPolicy;
  /** The same if one object were another, or were not there. */
  compileWith(kind: Kind, name: string, object: SidegateObject | undefined): CompiledPolicy;
}

export type Compiler = Pick<DomainCompiler, "put" | "remove" | "compile" | "compileWith" | "world">;

export interface DomainOptions {
  readonly name: string;
  readonly compiler: Compiler;
  readonly book: Publisher;
  /** How far each kind has been read by now. */
  readonly position: () => Position;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** How long nothing has to change before it is compiled, and the longest that this is waited for. */
const QUIET_MS = 25;
const LONGEST_MS = 250;

export class Domain {
  readonly #options: DomainOptions;
  /** Keys of objects that can not be read. */
  readonly #unreadable = new Set<string>();
  #state: "reading" | "changed" | "current" | "failed" = "reading";
  #changedAt = 0;
  #cancel: (() => void) | undefined;
  #isStopped = false;

  constructor(options: DomainOptions) {
    this.#options = options;
  }

  get state() {
    return this.#state;
  }

  get world(): World {
    return this.#options.compiler.world;
  }

  /** @throws where nothing can be made of the object */
  put(object: SidegateObject): void {
    this.#options.compiler.put(object);
    this.#unreadable.delete(objectKey(object.kind, object.metadata.name));
  }

  /** Says that there is an object of which nothing can be made; it counts until it is put or removed. */
  reject(kind: Kind, name: string): void {
    this.#unreadable.add(objectKey(kind, name));
  }

  /** @returns whether there was such an object, be it one that can not be read */
  remove(kind: Kind, name: string): boolean {
    const wasUnreadable = this.#unreadable.delete(objectKey(kind, name));
    if (this.world.get(kind, name) === undefined) return wasUnreadable;
    this.#options.compiler.remove(kind, name);
    return true;
  }

  /** What was read, to judge writes by; undefined where an object can not be read. */
  read(): ReadObjects | undefined {
    if (this.#unreadable.size > 0) return undefined;
    const { compiler, position } = this.#options;
    return {
      world: compiler.world,
      compile: () => compiler.compile(position()),
      compileWith: (kind, name, object) => compiler.compileWith(kind, name, object, position()),
    };
  }

  /** Objects came or went since it was compiled, so it is going to be again. */
  changed(): void {
    const { clock } = this.#options;
    const now = clock.now();
    if (this.#state !== "changed") this.#changedAt = now;
    this.#state = "changed";
    this.#cancel?.();
    const due = Math.min(now + QUIET_MS, this.#changedAt + LONGEST_MS);
    this.#cancel = clock.after(Math.max(0, due - now), () => this.compile());
  }

  /** Compiles what was read and publishes it. */
  compile(): void {
    if (this.#isStopped) return;
    this.#cancel?.();
    this.#cancel = undefined;
    const { name: domain, logger } = this.#options;
    if (this.#unreadable.size > 0) {
      this.#fail();
      const objects = [...this.#unreadable].slice(0, 20);
      logger.error({ domain, objects }, "Objects can not be read; the domain has no current policy");
      return;
    }
    try {
      this.#publish();
    } catch (error) {
      this.#fail();
      logger.error({ domain, err: error }, "Compiling failed; the domain has no current policy");
    }
  }

  /** Publishes what is current as what holds at a later position, too. */
  progress(position: Position): void {
    const { name, book } = this.#options;
    const policy = book.current(name);
    if (this.#state !== "current" || policy === undefined || isSamePosition(policy.position, position))
      return;
    book.publish({ ...policy, position });
  }

  /** Compiles nothing any more. */
  stop(): void {
    this.#isStopped = true;
    this.#cancel?.();
  }

  #publish(): void {
    const { name: domain, compiler, book, position, clock, logger } = this.#options;
    const startedAt = clock.now();
    const before = book.current(domain);
    const policy = compiler.compile(position());
    this.#state = "current";
    book.publish(policy);
    const { revision, shards } = policy;
    if (before?.revision === revision) return;
    const ms = Math.round(clock.now() - startedAt);
    logger.info({ domain, revision, shards: shards.length, ms }, "Published a policy");
  }

  #fail(): void {
    this.#state = "failed";
    this.#options.book.remove(this.#options.name);
  }
}

function isSamePosition(a: Position, b: Position): boolean {
  for (const kind in b) if (a[kind] !== b[kind]) return false;
  return true;
}
