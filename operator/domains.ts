/**
 * The domains: hands each what a source reads of it, and has it compiled and published once everything has been read.
 *
 * Changes of positions alone are published for all current domains together, at most once a second.
 *
 * A domain is there from its first object on and for as long as this process runs. When its last object goes, an empty
 * policy is published, which denies everything: it never vanishes silently, since a sidecar that is told nothing would go
 * on with what it has.
 */

import type { Logger } from "pino";
import { DomainCompiler } from "../engine/compile/domain-compiler.ts";
import type { Kind, SidegateObject } from "../engine/model/objects.generated.ts";
import type { Position } from "../engine/model/position.ts";
import type { World } from "../engine/model/world.ts";
import type { Clock } from "../host/clock.ts";
import { type Compiler, Domain, type ReadObjects } from "./domain.ts";
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

/** How long positions are collected before they are published, and the least time between two times. */
const COLLECT_MS = 25;
const PROGRESS_MS = 1000;

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
    const before = entry.world.get(kind, metadata.name);
    if (before !== undefined && !changesPolicy(before, object)) {
      refresh(before, object);
      this.#tell({ domain, kind, name: metadata.name, before, after: before, isContent: false });
      return;
    }
    try {
      entry.put(object);
    } catch (error) {
      this.reject(domain, kind, metadata.name, error);
      return;
    }
    this.#changed(entry);
    this.#tell({ domain, kind, name: metadata.name, before, after: object, isContent: true });
  }

  /** Says that there is an object of which nothing can be made; it counts until it is put or removed. */
  reject(domain: string, kind: Kind, name: string, error: unknown): void {
    if (this.#isStopped) return;
    const entry = this.#entry(domain);
    entry.reject(kind, name);
    this.#options.logger.error({ domain, kind, name, err: error }, "An object can not be read");
    this.#changed(entry);
  }

  remove(domain: string, kind: Kind, name: string): void {
    if (this.#isStopped) return;
    const entry = this.#domains.get(domain);
    const before = entry?.world.get(kind, name);
    if (entry?.remove(kind, name) !== true) return;
    this.#changed(entry);
    if (before === undefined) return;
    this.#tell({ domain, kind, name, before, after: undefined, isContent: true });
  }

  progress(kind: Kind, resourceVersion: string): void {
    this.#position[kind] = resourceVersion;
    this.#scheduleProgress();
  }

  synced(): void {
    if (this.#isSynced || this.#isStopped) return;
    this.#isSynced = true;
    this.#compileNext([...this.#domains.values()]);
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
    return this.#domains.get(domain)?.world;
  }

  /** What was read of a domain, to judge writes by; undefined where one of its objects can not be read. */
  read(domain: string): ReadObjects | undefined {
    return (this.#domains.get(domain) ?? this.#create(domain)).read();
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
    for (const entry of this.#domains.values()) entry.stop();
  }

  #entry(domain: string): Domain {
    const known = this.#domains.get(domain);
    if (known !== undefined) return known;
    const entry = this.#create(domain);
    this.#domains.set(domain, entry);
    return entry;
  }

  #create(name: string): Domain {
    const { book, clock, logger, createCompiler = (domain) => new DomainCompiler(domain) } = this.#options;
    const compiler = createCompiler(name);
    return new Domain({ name, compiler, book, position: () => this.#snapshot(), clock, logger });
  }

  #tell(change: ObjectChange): void {
    if (this.#isSynced) this.#options.onChange?.(change);
  }

  #changed(entry: Domain): void {
    // What comes between `synced` and the first compilation is part of it.
    if (!this.#isSynced || (entry.state === "reading" && !this.#isReady)) return;
    entry.changed();
  }

  /** The first compilation of each domain, with a turn of the event loop for each. */
  #compileNext(domains: Domain[]): void {
    const domain = domains.pop();
    if (domain === undefined) {
      this.#isReady = true;
      // Domains that appeared meanwhile.
      for (const entry of this.#domains.values()) if (entry.state === "reading") entry.compile();
      this.#options.onReady?.();
      return;
    }
    this.#options.clock.after(0, () => {
      if (this.#isStopped) return;
      domain.compile();
      this.#compileNext(domains);
    });
  }

  #snapshot(): Position {
    return { ...this.#position };
  }

  #scheduleProgress(): void {
    if (!this.#isSynced || this.#isStopped || this.#cancelProgress !== undefined) return;
    const { clock } = this.#options;
    const wait = Math.max(COLLECT_MS, this.#progressAt + PROGRESS_MS - clock.now());
    this.#cancelProgress = clock.after(wait, () => {
      this.#cancelProgress = undefined;
      this.#progressAt = clock.now();
      const position = this.#snapshot();
      for (const entry of this.#domains.values()) entry.progress(position);
    });
  }
}
