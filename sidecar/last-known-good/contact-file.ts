import type { Logger } from "pino";
import type { Clock } from "../../host/clock.ts";
import { type Disk, replaceFile } from "./disk.ts";
import { encodeContact, type StoredContact } from "./stored-policy.ts";

/** The shortest time between two writes, in milliseconds. */
const REST_MS = 1_000;

/**
 * Keeps the last contact on disk, so that a restart does not make an old policy young again.
 *
 * States: idle; writing (a write is under way); resting (until a second after the last write). A contact that comes
 * while writing or resting waits, and only the newest one waits. Ended: nothing is written any more. A contact that is lost, by a crash or a full disk, makes
 * the policy look older than it is and never younger; hence no write waits for the medium.
 */
export class ContactFile {
  readonly #path: string;
  readonly #disk: Disk;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #waiting: StoredContact | undefined;
  #writing: Promise<void> | undefined;
  #cancelRest: (() => void) | undefined;
  #failing = false;
  #isEnded = false;

  constructor(path: string, disk: Disk, clock: Clock, logger: Logger) {
    this.#path = path;
    this.#disk = disk;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Writes a contact, at once or when the last write is a second ago. Never throws. */
  put(contact: StoredContact): void {
    if (this.#isEnded) return;
    this.#waiting = contact;
    if (this.#writing === undefined && this.#cancelRest === undefined) this.#write();
  }

  /** Writes the last contact of all, onto the medium: nothing that was put before or comes later is written any more. */
  async end(contact: StoredContact): Promise<void> {
    this.#isEnded = true;
    this.#waiting = undefined;
    await this.#writing;
    this.#cancelRest?.();
    this.#cancelRest = undefined;
    await replaceFile(this.#disk, this.#path, encodeContact(contact), true);
  }

  /** Resolves when everything that was put is written or has failed to be. */
  async flush(): Promise<void> {
    while (this.#waiting !== undefined || this.#writing !== undefined) {
      this.#cancelRest?.();
      this.#cancelRest = undefined;
      if (this.#writing === undefined) this.#write();
      await this.#writing;
    }
    this.#cancelRest?.();
    this.#cancelRest = undefined;
  }

  #write(): void {
    const contact = this.#waiting;
    this.#waiting = undefined;
    if (contact === undefined) return;
    this.#writing = replaceFile(this.#disk, this.#path, encodeContact(contact), false).then(
      () => this.#written(undefined),
      (error: unknown) => this.#written(error),
    );
  }

  #written(error: unknown): void {
    if (error !== undefined && !this.#failing) {
      this.#logger.warn({ path: this.#path, err: error }, "Could not write the time of the last contact");
    }
    this.#failing = error !== undefined;
    this.#writing = undefined;
    this.#cancelRest = this.#clock.after(REST_MS, () => {
      this.#cancelRest = undefined;
      this.#write();
    });
  }
}
