import type { Logger } from "pino";
import { diagnose } from "../engine/diagnose/diagnose.ts";
import type { SidegateError } from "../engine/errors/sidegate-error.ts";
import type { Kind } from "../engine/model/objects.generated.ts";
import type { Clock } from "../host/clock.ts";
import { ConstraintReports } from "./constraints/constraint-reports.ts";
import { type DeliveryServer, startDeliveryServer } from "./delivery/delivery-server.ts";
import type { DeliverySettings } from "./delivery/settings.ts";
import { Domains } from "./domains.ts";
import { type HealthServer, startHealthServer } from "./health-server.ts";
import { createKeyFetcher, type FetchKeys } from "./keys/fetch-keys.ts";
import { FolderKeys } from "./keys/folder-keys.ts";
import { followAll, followChange } from "./keys/follow-policies.ts";
import { KeyKeeper } from "./keys/key-keeper.ts";
import type { KubeApi } from "./kube/kube-api.ts";
import { createPolicyBook, type PolicyBook } from "./policy-book.ts";
import { Reconciler } from "./reconcile/reconciler.ts";
import type { Source } from "./source/source.ts";
import { VouchedBook } from "./vouched-book.ts";

/** What a source may report besides its events. */
export interface SourceReports {
  /** There is an object of which nothing can be made. Its domain has no current policy until it goes. */
  readonly onUnreadable: (domain: string, kind: Kind, name: string, error: Error) => void;
  /** Whether changes are known to arrive; so they are until this says otherwise. */
  readonly onContact: (isInTouch: boolean) => void;
  /** The source has ended for good. */
  readonly onFatal: (error: SidegateError) => void;
}

export interface OperatorOptions {
  readonly createSource: (reports: SourceReports) => Source;
  /** Where objects are looked after: statuses, default bindings, finalizers. Absent: nowhere, as with a folder. */
  readonly kube?: KubeApi | undefined;
  /** Where sidecars connect: "HOST:PORT" or "unix:PATH". */
  readonly listen: string;
  /** Where health and metrics are served: "HOST:PORT". Absent: not at all. */
  readonly health?: string | undefined;
  /** Fetches the keys of token policies that name an address. Default: over HTTP. */
  readonly fetchKeys?: FetchKeys;
  readonly clock: Clock;
  /** Uniform in [0, 1), to spread fetches in time. Default: always 0. */
  readonly random?: () => number;
  readonly logger: Logger;
  /** Told of the failure after which the operator can not go on; it should be stopped then. */
  readonly onFatal: (error: SidegateError) => void;
  readonly deliverySettings?: Partial<DeliverySettings>;
}

export interface Operator {
  readonly book: PolicyBook;
  readonly delivery: DeliveryServer;
  /** Where health is served, if it is. */
  readonly healthAddress: string | undefined;
  /** Resolves when everything seen at the start was read, compiled and published. */
  readonly ready: Promise<void>;
  /** Whether that is so and changes are known to arrive. */
  isReady(): boolean;
  /** Reads, writes and serves nothing any more. Writes under way are finished. */
  stop(): Promise<void>;
}

/**
 * Starts an operator: source, domains, delivery, and, with a Kubernetes API, the care for its objects. Sidecars may connect
 * at once; they wait for the first policy.
 *
 * @throws SidegateError SG3102 or SG3103 where it can not listen
 */
export async function startOperator(options: OperatorOptions): Promise<Operator> {
  const { kube, clock, random = () => 0, logger, onFatal } = options;
  const book = createPolicyBook();
  let reconciler: Reconciler | undefined;
  let becomeReady: () => void;
  const ready = new Promise<void>((resolve) => {
    becomeReady = resolve;
  });
  const vouched = new VouchedBook(book, clock, logger);
  const fetcher = createKeyFetcher({ clock });
  const keys = new KeyKeeper({
    fetch: options.fetchKeys ?? fetcher.fetch,
    ...{ clock, random, logger },
    onNews(domain, name) {
      folderKeys?.renew(domain, name);
      reconciler?.reported(domain, [{ kind: "TokenPolicy", name }]);
    },
  });
  const domains = new Domains({
    book: vouched,
    clock,
    logger,
    onChange: (change) => {
      if (domains.isReady) followChange(keys, change);
      // Before it is ready, everything is going to be looked at anyway.
      if (domains.isReady) reconciler?.changed(change);
    },
    onReady() {
      logger.info({ domains: [...domains.names()].length }, "Ready");
      followAll(keys, domains);
      reconciler?.addAll();
      becomeReady();
    },
  });
  const constraints = new ConstraintReports({
    clock,
    logger,
    worldOf: (domain) => domains.worldOf(domain),
    current: (domain) => book.current(domain),
    onChange: (domain, objects) => reconciler?.reported(domain, objects),
  });
  if (kube !== undefined)
    reconciler = new Reconciler({ api: kube, clock, logger, domains, diagnose, constraints, keys });
  const folderKeys = kube === undefined ? new FolderKeys({ events: domains, keys, clock }) : undefined;
  const unsubscribe = book.subscribe((domain) => {
    // Reports are for statuses; without objects to look after there is nobody to read them.
    if (reconciler === undefined) return;
    constraints.published(domain);
    reconciler.published(domain);
  });

  const { listen, deliverySettings: settings } = options;
  const delivery = await startDeliveryServer({
    book,
    listen,
    clock,
    logger,
    ...(settings && { settings }),
  });
  let health: HealthServer | undefined;
  const source = options.createSource({
    onUnreadable: (domain, kind, name, error) => domains.reject(domain, kind, name, error),
    onContact: (isInTouch) => vouched.setContact(isInTouch),
    onFatal,
  });
  const isReady = () => domains.isReady && vouched.isInTouch;
  const stop = async (graceMs?: number) => {
    await source.stop();
    vouched.stop();
    domains.stop();
    unsubscribe();
    keys.stop();
    await fetcher.close();
    constraints.stop();
    await reconciler?.drain();
    await delivery.stop(graceMs);
    await health?.stop();
  };
  try {
    if (options.health !== undefined) {
      health = await startHealthServer({
        listen: options.health,
        clock,
        logger,
        isReady,
        gauges: () => ({
          sidegate_operator_ready: isReady() ? 1 : 0,
          sidegate_operator_domains: [...domains.names()].length,
          sidegate_operator_domains_failed: [...domains.names()].filter((domain) => domains.isFailed(domain))
            .length,
          sidegate_operator_sidecars: delivery.fleet.size,
          sidegate_operator_reconcile_pending: reconciler?.pending ?? 0,
        }),
      });
    }
    await source.start(folderKeys ?? domains);
  } catch (error) {
    await stop(0);
    throw error;
  }

  return {
    book,
    delivery,
    healthAddress: health?.address,
    ready,
    isReady,
    stop: () => stop(),
  };
}
