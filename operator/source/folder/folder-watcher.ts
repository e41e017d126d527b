import { type FSWatcher, statSync, watch } from "node:fs";
import type { Logger } from "pino";

/**
 * Watches directories for changes of their entries. It only says that something changed, never what: whoever listens looks
 * again. Each directory has a watch of its own, since a recursive one does not follow links and is one more thing that
 * may miss a change silently.
 */
export class FolderWatcher {
  readonly #watches = new Map<string, { readonly watcher: FSWatcher; readonly identity: string }>();
  readonly #onChange: () => void;
  readonly #logger: Logger;

  constructor(onChange: () => void, logger: Logger) {
    this.#onChange = onChange;
    this.#logger = logger;
  }

  /**
   * Watches exactly these directories. One that can not be watched is left to the caller's regular look.
   *
   * @returns whether any watch is new, so that changes since the last look may have gone unseen
   */
  watch(directories: readonly string[]): boolean {
    const wanted = new Set(directories);
    for (const directory of [...this.#watches.keys()]) if (!wanted.has(directory)) this.#drop(directory);
    let isNew = false;
    for (const directory of wanted) isNew = this.#ensure(directory) || isNew;
    return isNew;
  }

  close(): void {
    for (const directory of [...this.#watches.keys()]) this.#drop(directory);
  }

  #ensure(directory: string): boolean {
    try {
      const { dev, ino } = statSync(directory);
      const identity = `${dev}:${ino}`;
      // A directory that took another's place has the name of the watched one, but its changes are not seen.
      if (this.#watches.get(directory)?.identity === identity) return false;
      this.#drop(directory);
      const watcher = watch(directory, { persistent: false }, () => this.#onChange());
      watcher.on("error", (error) => this.#lose(directory, error));
      this.#watches.set(directory, { watcher, identity });
      return true;
    } catch (error) {
      this.#lose(directory, error);
      return false;
    }
  }

  #lose(directory: string, error: unknown): void {
    this.#drop(directory);
    this.#logger.debug(
      { directory, err: error },
      "A folder can not be watched; it is looked at regularly instead",
    );
  }

  #drop(directory: string): void {
    this.#watches.get(directory)?.watcher.close();
    this.#watches.delete(directory);
  }
}
