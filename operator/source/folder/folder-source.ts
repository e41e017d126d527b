/**
 * A folder of manifests as a source. It is all or nothing: a load is passed on only if every manifest in the folder is
 * valid; otherwise what was loaded last stays current, and the report says what to mend. A folder that can not be read at
 * all is another matter: then nobody knows what it says now, so the operator is told, and what sidecars have grows old.
 *
 *   resting    nothing to do until a watch says that something changed, or the next regular look is due
 *   settling   something changed; waits until nothing has changed for 50 ms, at most 500 ms
 *   reading    lists the folder and reads what changed; a change meanwhile means settling again afterwards
 *   doubting   the folder is broken, a file that held manifests holds none, or one was written this very moment: as
 *              likely an editor at work, which empties a file before it writes it, as meant. Reads once more after
 *              150 ms, and believes what it finds unchanged
 *
 * Only the loop in `#run` moves from one to the other; `#touch` merely wakes it.
 */

import type { Logger } from "pino";
import { kinds } from "../../../engine/model/objects.generated.ts";
import type { World } from "../../../engine/model/world.ts";
import type { ManifestValidator } from "../../../engine/validate/manifest-validator.ts";
import { type Clock, pause } from "../../../host/clock.ts";
import type { Source, SourceEvents } from "../source.ts";
import type { FolderContents } from "./folder-contents.ts";
import type { FolderProblem } from "./folder-problem.ts";
import { FolderReader } from "./folder-reader.ts";
import { FolderWatcher } from "./folder-watcher.ts";
import { FolderWorld } from "./folder-world.ts";
import { createLoadNumber, type LoadNumber } from "./load-number.ts";

/** What became of a look at the folder that found something new. */
export type FolderReport =
  | {
      readonly outcome: "Loaded";
      /** The resourceVersion that the changed objects bear. */
      readonly resourceVersion: string;
      readonly manifests: FolderContents["manifests"];
      /** The objects of each domain, default bindings not included. */
      readonly worlds: ReadonlyMap<string, World>;
      /** Objects put and removed by this load, default bindings included. */
      readonly put: number;
      readonly removed: number;
      /** The domains that these belong to. */
      readonly domains: ReadonlySet<string>;
      readonly foreign: FolderContents["foreign"];
      /** Milliseconds of reading and checking. */
      readonly ms: number;
    }
  | {
      readonly outcome: "Broken";
      readonly problems: readonly FolderProblem[];
      /** Those that are valid. */
      readonly manifests: FolderContents["manifests"];
      /** How many there are; `problems` has the first of them. */
      readonly problemCount: number;
      /** Whether an earlier load goes on answering. */
      readonly hasPolicy: boolean;
      readonly ms: number;
    };

export interface FolderSourceOptions {
  readonly folder: string;
  /** The domain of manifests without a namespace; default "default". */
  readonly domain?: string;
  readonly validator: ManifestValidator;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Told after each load and each failed one; must not throw. */
  readonly report?: (report: FolderReport) => void;
  /** Told when the folder can not be read any more, so that changes go unseen, and when it can again. */
  readonly onContact?: (isInTouch: boolean) => void;
  /** A file that keeps the number of the last load over restarts (see load-number.ts). */
  readonly numberFile?: string;
}

const QUIET_MS = 50;
const LONGEST_MS = 500;
const DOUBT_MS = 150;
const MOST_MISSES = 3;
/** Where nothing tells of changes (network file systems), they show at the regular look. */
const LOOK_MS = 2000;
/** The regular look takes at most this share of the time. */
const LOOK_SHARE = 0.02;

export class FolderSource implements Source {
  readonly #options: FolderSourceOptions;
  readonly #reader: FolderReader;
  readonly #watcher: FolderWatcher;
  readonly #world = new FolderWorld();
  readonly #numbers: LoadNumber;
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();
  /** Aborted when something changed; replaced when that was taken note of. */
  #change = new AbortController();
  #seen: FolderContents | undefined;
  /** Files that held manifests at the last load. */
  #files: ReadonlySet<string> = new Set();
  /** How often in a row the folder changed while it was read. */
  #misses = 0;
  #isSynced = false;
  #isInTouch = true;

  constructor(options: FolderSourceOptions) {
    const { folder, domain = "default", validator, logger, clock, numberFile } = options;
    this.#options = options;
    this.#reader = new FolderReader({ folder, domain, validator, pause: nextTurn });
    this.#watcher = new FolderWatcher(() => this.#touch(), logger);
    this.#numbers = createLoadNumber(() => clock.wallTime(), logger, numberFile);
  }

  async start(events: SourceEvents): Promise<void> {
    this.#running = this.#run(events);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#change.abort();
    this.#watcher.close();
    await this.#running;
  }

  async #run(events: SourceEvents): Promise<void> {
    const { clock } = this.#options;
    while (!this.#stopping.signal.aborted) {
      const startedAt = clock.now();
      const contents = await this.#read();
      if (this.#stopping.signal.aborted) return;
      const ms = clock.now() - startedAt;
      if (contents !== undefined && contents !== this.#seen) this.#judge(contents, ms, events);
      // A watch that is new has seen nothing of what happened since the folder was listed.
      const isNew = this.#watcher.watch(this.#reader.directories);
      if (contents !== undefined && !isNew) {
        await pause(clock, Math.max(LOOK_MS, ms / LOOK_SHARE), this.#change.signal);
      }
      if (this.#change.signal.aborted) await this.#settle();
    }
  }

  /**
   * Reads the folder, twice where the first reading may have met somebody in the middle of writing.
   *
   * @returns undefined if it did
   */
  async #read(): Promise<FolderContents | undefined> {
    const { clock } = this.#options;
    const contents = await this.#reader.read();
    if (contents === this.#seen) return contents;
    if (this.#isDoubtful(contents)) await pause(clock, DOUBT_MS, this.#stopping.signal);
    else if (!this.#change.signal.aborted) return contents;
    const again = await this.#reader.read();
    this.#misses = again === contents ? 0 : this.#misses + 1;
    // A folder that never comes to rest is believed all the same.
    return this.#misses === 0 || this.#misses > MOST_MISSES ? again : this.#miss();
  }

  #isDoubtful({ problemCount, files, modifiedAt }: FolderContents): boolean {
    const age = this.#options.clock.wallTime() - modifiedAt;
    const isJustWritten = age >= 0 && age < QUIET_MS;
    return problemCount > 0 || isJustWritten || [...this.#files].some((file) => !files.has(file));
  }

  #miss(): undefined {
    this.#touch();
  }

  #judge(contents: FolderContents, ms: number, events: SourceEvents): void {
    this.#seen = contents;
    this.#setContact(!contents.problems.some(({ code }) => code === "SG1101"));
    const { problems, problemCount, manifests, foreign, files } = contents;
    const { report } = this.#options;
    if (problemCount > 0) {
      report?.({ outcome: "Broken", problems, problemCount, manifests, hasPolicy: this.#isSynced, ms });
      return;
    }
    this.#files = files;
    const resourceVersion = this.#numbers.next();
    const changes = this.#world.load(manifests, resourceVersion, events);
    for (const kind of kinds) events.progress(kind, resourceVersion);
    if (!this.#isSynced) events.synced();
    this.#isSynced = true;
    const { worlds } = this.#world;
    report?.({ outcome: "Loaded", resourceVersion, manifests, worlds, ...changes, foreign, ms });
  }

  #setContact(isInTouch: boolean): void {
    if (isInTouch === this.#isInTouch) return;
    this.#isInTouch = isInTouch;
    this.#options.onContact?.(isInTouch);
  }

  #touch(): void {
    this.#change.abort();
  }

  /** Waits until nothing has changed for a while. */
  async #settle(): Promise<void> {
    const { clock } = this.#options;
    const since = clock.now();
    while (this.#change.signal.aborted && !this.#stopping.signal.aborted) {
      this.#change = new AbortController();
      const left = since + LONGEST_MS - clock.now();
      if (left <= 0) return;
      await pause(clock, Math.min(QUIET_MS, left), this.#change.signal);
    }
  }
}

/** Lets everything else that is due have its turn. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
