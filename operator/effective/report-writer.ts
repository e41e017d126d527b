/**
 * Keeps this replica's DeliveryReport.
 *
 *   written   it says what there is to say
 *   due       something changed; it is written soon, as the bucket of one write a second with a burst of five allows
 *   stale     only positions moved, or somebody is no longer to be remembered: written within 10 s
 *   writing   a write is under way; what changes meanwhile makes it due again
 *   failing   the API server took no write; tried again after 1 s, doubling to 10 s
 *
 * A sidecar that is new here is announced: the first word about a policy goes to it only after a report that names it was
 * written. There is no end to that wait, since whoever decides and is not known could honour what was called revoked: without
 * the API server a replica vouches for a minute only anyway, and sidecars that are connected already are not touched.
 */
import type { Logger } from "pino";
import type { Clock } from "../../host/clock.ts";
import type { ObjectChange } from "../domains.ts";
import type { Fleet } from "../fleet/fleet.ts";
import type { OwnReports } from "../fleet/own-reports.ts";
import type { KubeApi } from "../kube/kube-api.ts";
import { isAlreadyExists, isNotFound } from "../kube/kube-error.ts";
import { TokenBucket } from "../kube/rate-limits.ts";
import type { PolicyBook } from "../policy-book.ts";
import type { Part } from "../replica.ts";
import { decodeReport, deliveryReportResource, encodeReport, reportObject } from "./report-object.ts";

export interface ReportWriterOptions {
  readonly api: Pick<KubeApi, "get" | "create" | "mergePatch" | "delete">;
  readonly namespace: string;
  readonly own: OwnReports;
  readonly fleet: Fleet;
  readonly book: PolicyBook;
  /** Whether everything seen at the start was published and changes are known to arrive. */
  readonly isReady: () => boolean;
  readonly clock: Clock;
  readonly logger: Logger;
}

const PER_SECOND = 1;
const BURST = 5;
/** Acknowledgements that come together are written together. */
const TOGETHER_MS = 10;
/** Between two looks whether the replica is ready. */
const READY_MS = 250;
const STALE_MS = 10_000;
const RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 10_000;

export class ReportWriter implements Part {
  readonly #options: ReportWriterOptions;
  readonly #bucket: TokenBucket;
  readonly #ends: (() => void)[] = [];
  /** Domains with a change of content that is not published yet. */
  readonly #changed = new Set<string>();
  /** Domains that stand in the book. */
  readonly #published = new Set<string>();
  #announcing: (() => void)[] = [];
  #written = "";
  #isRead = false;
  #isDue = false;
  #isStopped = false;
  #retryMs = RETRY_MS;
  #cancelDue: (() => void) | undefined;
  #cancelStale: (() => void) | undefined;
  #writing: Promise<void> | undefined;

  constructor(options: ReportWriterOptions) {
    this.#options = options;
    this.#bucket = new TokenBucket(PER_SECOND, BURST, () => options.clock.now());
  }

  async start(): Promise<void> {
    const { fleet, book } = this.#options;
    this.#ends.push(
      fleet.subscribe(() => this.#due()),
      book.subscribe((domain) => this.#look(domain)),
    );
  }

  /** Resolves once a report was written that says whatever can be said now. */
  announce(): Promise<void> {
    return new Promise((resolve) => {
      this.#announcing.push(resolve);
      this.#due();
    });
  }

  changed({ domain, isContent }: ObjectChange): void {
    if (isContent) this.#changed.add(domain);
    this.staleSoon();
  }

  /** Something moved that others may wait for, but not for long. */
  staleSoon(): void {
    this.#cancelStale ??= this.#options.clock.after(STALE_MS, () => {
      this.#cancelStale = undefined;
      this.#due();
    });
  }

  /** Says for the last time whom this replica had; where it had nobody, the report goes. */
  async unserved(): Promise<void> {
    this.#stop();
    await this.#writing;
    const { api, namespace, own, logger } = this.#options;
    const report = own.report();
    const has = [...report.domains.values()].some(({ groups }) => groups.length > 0);
    try {
      if (has) await this.#put(JSON.stringify(encodeReport(report)));
      else await api.delete(deliveryReportResource, namespace, own.replica);
    } catch (error) {
      if (!isNotFound(error)) logger.warn({ err: error }, "The last report could not be written");
    }
  }

  async stop(): Promise<void> {
    this.#stop();
    await this.#writing;
  }

  #stop(): void {
    this.#isStopped = true;
    for (const end of this.#ends.splice(0)) end();
    this.#cancelDue?.();
    this.#cancelStale?.();
  }

  #look(domain: string): void {
    const isThere = this.#options.book.current(domain) !== undefined;
    const hasCome = isThere && !this.#published.has(domain);
    if (isThere) this.#published.add(domain);
    const hasGone = !isThere && this.#published.delete(domain);
    if (this.#changed.delete(domain) || hasCome || hasGone) this.#due();
  }

  #due(): void {
    this.#isDue = true;
    if (this.#cancelDue !== undefined || this.#writing !== undefined || this.#isStopped) return;
    this.#later(TOGETHER_MS);
  }

  #later(ms: number): void {
    this.#cancelDue = this.#options.clock.after(ms, () => {
      this.#cancelDue = undefined;
      this.#writeIfReady();
    });
  }

  #writeIfReady(): void {
    if (this.#isStopped) return;
    // Before it is ready nothing is given to anybody, and what there is to say is only half of it.
    if (this.#options.isReady()) this.#write();
    else this.#later(READY_MS);
  }

  #write(): void {
    const { logger } = this.#options;
    this.#isDue = false;
    const announced = this.#announcing.splice(0);
    this.#writing = this.#writeNews().then(
      (wasWritten) => {
        this.#writing = undefined;
        this.#retryMs = RETRY_MS;
        for (const resolve of announced) resolve();
        const wait = wasWritten ? this.#bucket.reserve() : 0;
        if (this.#isDue || wait > 0) this.#again(Math.max(TOGETHER_MS, wait));
      },
      (error: unknown) => {
        this.#writing = undefined;
        this.#announcing.unshift(...announced);
        logger.warn({ err: error, retryMs: this.#retryMs }, "The replica's report could not be written");
        this.#isDue = true;
        this.#again(this.#retryMs);
        this.#retryMs = Math.min(LONGEST_RETRY_MS, this.#retryMs * 2);
      },
    );
  }

  /** @returns whether there was anything new to write */
  async #writeNews(): Promise<boolean> {
    if (!this.#isRead) await this.#readEarlier();
    const body = JSON.stringify(encodeReport(this.#options.own.report()));
    if (body === this.#written) return false;
    await this.#put(body);
    return true;
  }

  /** Waits before the next write; without one if nothing is due by then. */
  #again(ms: number): void {
    if (this.#isStopped) return;
    this.#cancelDue = this.#options.clock.after(ms, () => {
      this.#cancelDue = undefined;
      if (this.#isDue) this.#writeIfReady();
    });
  }

  async #put(body: string): Promise<void> {
    const { api, namespace, own } = this.#options;
    try {
      await api.mergePatch(deliveryReportResource, namespace, own.replica, JSON.parse(body));
    } catch (error) {
      if (!isNotFound(error)) throw error;
      await this.#create(body);
    }
    this.#written = body;
  }

  async #create(body: string): Promise<void> {
    const { api, namespace, own } = this.#options;
    const object = { ...reportObject(namespace, own.report()), ...JSON.parse(body) };
    try {
      await api.create(deliveryReportResource, namespace, object);
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
      await api.mergePatch(deliveryReportResource, namespace, own.replica, JSON.parse(body));
    }
  }

  /** A process of the same name that was killed has left sidecars behind, who are not to be forgotten. */
  async #readEarlier(): Promise<void> {
    const { api, namespace, own } = this.#options;
    try {
      const earlier = decodeReport(await api.get(deliveryReportResource, namespace, own.replica));
      if (earlier !== undefined) own.inherit(earlier);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
    this.#isRead = true;
  }
}
