/**
 * The domains and their compilers: takes what a source reads, compiles what changed and publishes it.
 *
 *   A domain is  reading   before the source is synced: objects are collected, nothing is compiled
 *                changed   objects came since the last compilation, which is due after 25 ms of quiet, at most 250 ms
 *                          after the first of them
 *                current   the published policy holds all that was read
 *                failed    an object can not be read, or the last compilation threw. The policy is taken out of the book:
 *                          sidecars keep what they have and see it grow old, and the next change tries again. To leave
 *                          the object out instead could take a Deny rule away
 *
 * Changes of positions alone are published for all current domains together, at most once a second.
 *
 * A domain is there from its first object on and for as long as this process runs. When its last object goes, an empty
 * policy is published, which denies everything: it never vanishes silently, since a sidecar that is told nothing would go
 * on with what it has.
 */

import type { Logger } from "pino";
import type { CompiledPolicy } from "../engine/compile/compiled-policy.ts";
import { DomainCompiler } from "../engine/compile/domain-compiler.ts";
import type { Kind, SidegateObject } from "../engine/model/objects.generated.ts";
import type { Position } from "../engine/model/position.ts";
import { objectKey } from "../engine/model/references.ts";
import type { World } from "../engine/model/world.ts";
import type { Clock } from "../host/clock.ts";
import { changesPolicy, refresh } from "./object-changes.ts";
import type { SourceEvents } from "./source/source.ts";
import type { Publisher } from "./vouched-book.ts";

/** What happened to one object. */
export interface ObjectChange {
  readonly domain: string;
  readonly kind: Kind;
  readonly name: string;
  readonly before: SidegateObject | undefined;
  readonly after: SidegateObject | undefined;
  /** Whether more than status and bookkeeping changed. */
  readonly isContent: boolean;
}

export interface DomainsOptions {
  readonly book: Publisher;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Told of each change, once the source is synced; must not throw. */
  readonly onChange?: (change: ObjectChange) => void;
  /** Told once, when all that was there at the start is compiled and published. */
  readonly onReady?: () => void;
  readonly createCompiler?: (domain: string) => Compiler;
}

type Compiler = Pick<DomainCompiler, "put" | "remove" | "compile" | "compileWith" | "world">;

/** What the objects of a domain come to as they have been read, whether that is published yet or not. */
export interface ReadObjects {
  readonly world: World;
  /** @throws whatever keeps the objects from being compiled */
  compile(): CompiledPolicy;
  /** The same if one object were another, or were not there. */
  compileWith(kind: Kind, name: string, object: SidegateObject | undefined): CompiledPolicy;
}

const QUIET_MS = 25;
const LONGEST_MS = 250;
const PROGRESS_MS = 1000;

interface Domain {
  readonly compiler: Compiler;
  /** Keys of objects that can not be read. */
  readonly unreadable: Set<string>;
  state: "reading" | "changed" | "current" | "failed";
  changedAt: number;
  cancel: (() => void) | undefined;
}

export class Domains implements SourceEvents {
  readonly #options: DomainsOptions;
  readonly #domains = new Map<string, Domain>();
  readonly #position: Record<string, string> = {};
  #isSynced = false;
  #isStopped = false;
  #isReady = false;
  #progressAt = Number.NEGATIVE_INFINITY;
  #cancelProgress: (() => void) | undefined;

  constructor(options: DomainsOptions) {
    this.#options = options;
  }

  put(domain: string, object: SidegateObject): void {
    if (this.#isStopped) return;
    const entry = this.#entry(domain);
    const { kind, metadata } = object;
    const before = entry.compiler.world.get(kind, metadata.name);
    if (before !== undefined && !changesPolicy(before, object)) {
      refresh(before, object);
      this.#tell({ domain, kind, name: metadata.name, before, after: before, isContent: false });
      return;
    }
    try {
      entry.compiler.put(object);
    } catch (error) {
      this.reject(domain, kind, metadata.name, error);
      return;
    }
    entry.unreadable.delete(objectKey(kind, metadata.name));
    this.#changed(domain, entry);
    this.#tell({ domain, kind, name: metadata.name, before, after: object, isContent: true });
  }

  /** Says that there is an object of which nothing can be made; it counts until it is put or removed. */
  reject(domain: string, kind: Kind, name: string, error: unknown): void {
    if (this.#isStopped) return;
    const entry = this.#entry(domain);
    entry.unreadable.add(objectKey(kind, name));
    this.#options.logger.error({ domain, kind, name, err: error }, "An object can not be read");
    this.#changed(domain, entry);
  }

  remove(domain: string, kind: Kind, name: string): void {
    if (this.#isStopped) return;
    const entry = this.#domains.get(domain);
    const before = entry?.compiler.world.get(kind, name);
    if (entry === undefined) return;
    const wasUnreadable = entry.unreadable.delete(objectKey(kind, name));
    if (before === undefined) {
      if (wasUnreadable) this.#changed(domain, entry);
      return;
    }
    entry.compiler.remove(kind, name);
    this.#changed(domain, entry);
    this.#tell({ domain, kind, name, before, after: undefined, isContent: true });
  }

  progress(kind: Kind, resourceVersion: string): void {
    this.#position[kind] = resourceVersion;
    this.#scheduleProgress();
  }

  synced(): void {
    if (this.#isSynced || this.#isStopped) return;
    this.#isSynced = true;
    this.#compileNext([...this.#domains.keys()]);
  }

  /** Whether all that was there at the start is compiled and published. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** How far each kind has been read. */
  get position(): Position {
    return this.#position;
  }

  /** The objects of a domain, or undefined when there never were any. */
  worldOf(domain: string): World | undefined {
    return this.#domains.get(domain)?.compiler.world;
  }

  /** What was read of a domain, to judge writes by; undefined where one of its objects can not be read. */
  read(domain: string): ReadObjects | undefined {
    const entry = this.#domains.get(domain);
    if (entry !== undefined && entry.unreadable.size > 0) return undefined;
    const compiler = entry?.compiler ?? new DomainCompiler(domain);
    return {
      world: compiler.world,
      compile: () => compiler.compile(this.#snapshot()),
      compileWith: (kind, name, object) => compiler.compileWith(kind, name, object, this.#snapshot()),
    };
  }

  names(): Iterable<string> {
    return this.#domains.keys();
  }

  /** Whether the published policy of a domain holds everything that was read. */
  isCurrent(domain: string): boolean {
    return this.#domains.get(domain)?.state === "current";
  }

  /** Whether the present objects of a domain can not be compiled, so that its policy grows old. */
  isFailed(domain: string): boolean {
    return this.#domains.get(domain)?.state === "failed";
  }

  /** Compiles and publishes nothing any more. */
  stop(): void {
    this.#isStopped = true;
    this.#cancelProgress?.();
    for (const entry of this.#domains.values()) entry.cancel?.();
  }

  #entry(domain: string): Domain {
    const known = this.#domains.get(domain);
    if (known !== undefined) return known;
    const { createCompiler = (name) => new DomainCompiler(name) } = this.#options;
    const compiler = createCompiler(domain);
    const entry: Domain = {
      compiler,
      unreadable: new Set(),
      state: "reading",
      changedAt: 0,
      cancel: undefined,
    };
    this.#domains.set(domain, entry);
    return entry;
  }

  #tell(change: ObjectChange): void {
    if (this.#isSynced) this.#options.onChange?.(change);
  }

  #changed(domain: string, entry: Domain): void {
    // What comes between `synced` and the first compilation is part of it.
    if (!this.#isSynced || (entry.state === "reading" && !this.#isReady)) return;
    const now = this.#options.clock.now();
    if (entry.state !== "changed") entry.changedAt = now;
    entry.state = "changed";
    entry.cancel?.();
    const due = Math.min(now + QUIET_MS, entry.changedAt + LONGEST_MS);
    entry.cancel = this.#options.clock.after(Math.max(0, due - now), () => this.#compile(domain, entry));
  }

  /** The first compilation of each domain, with a turn of the event loop for each. */
  #compileNext(domains: string[]): void {
    const domain = domains.pop();
    if (domain === undefined) {
      this.#isReady = true;
      // Domains that appeared meanwhile.
      for (const [name, entry] of this.#domains) if (entry.state === "reading") this.#compile(name, entry);
      this.#options.onReady?.();
      return;
    }
    this.#options.clock.after(0, () => {
      if (this.#isStopped) return;
      this.#compile(domain, this.#entry(domain));
      this.#compileNext(domains);
    });
  }

  #compile(domain: string, entry: Domain): void {
    if (this.#isStopped) return;
    const { book, clock, logger } = this.#options;
    entry.cancel?.();
    entry.cancel = undefined;
    if (entry.unreadable.size > 0) {
      entry.state = "failed";
      book.remove(domain);
      const objects = [...entry.unreadable].slice(0, 20);
      logger.error({ domain, objects }, "Objects can not be read; the domain has no current policy");
      return;
    }
    const startedAt = clock.now();
    try {
      const before = book.current(domain);
      const policy = entry.compiler.compile(this.#snapshot());
      entry.state = "current";
      book.publish(policy);
      if (before?.revision === policy.revision) return;
      const ms = Math.round(clock.now() - startedAt);
      logger.info(
        { domain, revision: policy.revision, shards: policy.shards.length, ms },
        "Published a policy",
      );
    } catch (error) {
      entry.state = "failed";
      book.remove(domain);
      logger.error({ domain, err: error }, "Compiling failed; the domain has no current policy");
    }
  }

  #snapshot(): Position {
    return { ...this.#position };
  }

  #scheduleProgress(): void {
    if (!this.#isSynced || this.#isStopped || this.#cancelProgress !== undefined) return;
    const { clock } = this.#options;
    const wait = Math.max(QUIET_MS, this.#progressAt + PROGRESS_MS - clock.now());
    this.#cancelProgress = clock.after(wait, () => {
      this.#cancelProgress = undefined;
      this.#progressAt = clock.now();
      this.#publishProgress();
    });
  }

  #publishProgress(): void {
    const { book } = this.#options;
    const position = this.#snapshot();
    for (const [domain, entry] of this.#domains) {
      const policy = book.current(domain);
      if (entry.state !== "current" || policy === undefined || isSamePosition(policy.position, position))
        continue;
      book.publish({ ...policy, position });
    }
  }
}

function isSamePosition(a: Position, b: Position): boolean {
  for (const kind in b) if (a[kind] !== b[kind]) return false;
  return true;
}
