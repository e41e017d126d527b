import type { Logger } from "pino";
import type { SidegateError } from "../../engine/errors/sidegate-error.ts";
import { compareResourceVersions } from "../../engine/model/position.ts";
import type { Clock } from "../../host/clock.ts";
import type { OwnReports } from "../fleet/own-reports.ts";
import type { KubeApi, KubeObject } from "../kube/kube-api.ts";
import { Reflector } from "../kube/reflector.ts";
import type { Part } from "../replica.ts";
import type { ReplicaReport, ReportFeed } from "./replica-report.ts";
import { decodeReport, deliveryReportResource } from "./report-object.ts";

export interface DeliveryReportsOptions {
  readonly api: KubeApi;
  readonly namespace: string;
  readonly own: OwnReports;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly logger: Logger;
  readonly onFatal: (error: SidegateError) => void;
  readonly silenceMs?: number;
}

/**
 * The DeliveryReports of all replicas. Every replica reads them, so that it forgets sidecars that have gone to another one,
 * and the leader folds them.
 */
export class DeliveryReports implements ReportFeed, Part {
  readonly #options: DeliveryReportsOptions;
  readonly #reflector: Reflector;
  readonly #reports = new Map<string, { readonly report: ReplicaReport; readonly resourceVersion: string }>();
  readonly #listeners = new Set<(report: ReplicaReport | string) => void>();

  constructor(options: DeliveryReportsOptions) {
    const { api, namespace, clock, random, logger, onFatal, silenceMs } = options;
    this.#options = options;
    this.#reflector = new Reflector({
      ...{ api, namespace, clock, random, onFatal },
      ...(silenceMs !== undefined && { silenceMs }),
      resource: deliveryReportResource,
      sink: {
        put: (object) => this.#put(object),
        remove: (_namespace, name) => this.#remove(name),
        progress: () => {},
        listed: () => {},
      },
      onContact: () => {},
      onRetry: (error, waitMs) =>
        logger.warn({ err: error, waitMs: Math.round(waitMs) }, "Reading the reports of replicas failed"),
    });
  }

  async start(): Promise<void> {
    this.#reflector.start();
  }

  async stop(): Promise<void> {
    await this.#reflector.stop();
  }

  *reports(): Iterable<ReplicaReport> {
    for (const { report } of this.#reports.values()) yield report;
  }

  subscribe(listener: (report: ReplicaReport | string) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async refresh(): Promise<void> {
    const { api, namespace } = this.#options;
    const { signal } = new AbortController();
    let continueToken: string | undefined;
    do {
      const page = await api.list(deliveryReportResource, { namespace, limit: 100, continueToken, signal });
      for (const object of page.items) this.#put(object);
      continueToken = page.continueToken;
    } while (continueToken !== undefined);
  }

  #put(object: KubeObject): void {
    const { name, resourceVersion = "0" } = object.metadata;
    const known = this.#reports.get(name);
    // A list may have been quicker than the watch.
    if (known && compareResourceVersions(resourceVersion, known.resourceVersion) <= 0) return;
    const report = decodeReport(object);
    if (report === undefined) {
      this.#options.logger.error({ report: name }, "A DeliveryReport can not be read");
      return;
    }
    this.#reports.set(name, { report, resourceVersion });
    if (known !== undefined && name !== this.#options.own.replica) this.#forgetMoved(known.report, report);
    for (const listener of [...this.#listeners]) listener(report);
  }

  #remove(name: string): void {
    if (!this.#reports.delete(name)) return;
    for (const listener of [...this.#listeners]) listener(name);
  }

  /** Sidecars that another replica lists anew have left this one for it. */
  #forgetMoved(before: ReplicaReport, now: ReplicaReport): void {
    for (const [domain, { groups }] of now.domains) {
      const listed = new Set(before.domains.get(domain)?.groups.flatMap(({ connected }) => connected));
      const anew = groups.flatMap(({ connected }) => connected.filter((id) => !listed.has(id)));
      this.#options.own.memory.seen(domain, anew);
    }
  }
}
