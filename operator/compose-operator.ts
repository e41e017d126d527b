import { AdminServer } from "./admin/admin-server.ts";
import { Caretaker } from "./caretaker.ts";
import { Domains, type ObjectChange } from "./domains.ts";
import { Fleet } from "./fleet/fleet.ts";
import { OwnReports } from "./fleet/own-reports.ts";
import { Guard } from "./guard/guard.ts";
import { createKeyFetcher, type KeyFetcher } from "./keys/fetch-keys.ts";
import { type KeptFolderKeys, keepFolderKeys } from "./keys/keep-folder-keys.ts";
import type { OperatorOptions } from "./operator-options.ts";
import { createPolicyBook, type PolicyBook } from "./policy-book.ts";
import type { DeliveryParts, Part, Replica } from "./replica.ts";
import { VouchedBook } from "./vouched-book.ts";

/** What an operator is made of. Nothing of it has begun. */
export interface Components extends Publication {
  readonly fleet: Fleet;
  readonly keyFetcher: KeyFetcher;
  /** Present where nobody looks after the objects. */
  readonly folderKeys: KeptFolderKeys | undefined;
  readonly caretaker: Caretaker | undefined;
  /** In the order in which they are started. */
  readonly parts: readonly Part[];
  readonly deliveryParts: DeliveryParts | undefined;
  /** Resolves when everything seen at the start was published. */
  readonly ready: Promise<void>;
  /** Whether that is so, changes are known to arrive, and traffic may come as far as all parts are concerned. */
  isReady(): boolean;
}

/** The way from objects to the policies that are given out: each hands on to the one above it. */
interface Publication {
  readonly book: PolicyBook;
  readonly vouched: VouchedBook;
  readonly guard: Guard;
  readonly domains: Domains;
}

/** What hears of objects beside the guard. */
interface Listener {
  /** All that was there at the start is published. */
  onReady(): void;
  /** An object changed after that; what came before is going to be looked at anyway. */
  onChange(change: ObjectChange): void;
}

/** Makes what an operator is made of, and tells each of the others. */
export function composeOperator(options: OperatorOptions): Components {
  const { care, clock, random = () => 0, logger, replica: name = "operator" } = options;
  const { promise: ready, resolve: becomeReady } = Promise.withResolvers<void>();
  const publication = composePublication(options, {
    onReady() {
      folderKeys?.ready();
      caretaker?.ready();
      becomeReady();
    },
    onChange(change) {
      folderKeys?.changed(change);
      for (const part of parts) part.changed?.(change);
      caretaker?.changed(change);
    },
  });
  const { book, vouched, guard, domains } = publication;
  const fleet = new Fleet();
  const own = new OwnReports({ replica: name, domains, book, fleet, guard, clock });
  const isPublished = () => domains.isReady && vouched.isInTouch;
  const replica: Replica = { domains, book, guard, fleet, own, isReady: isPublished };

  const keyFetcher = createKeyFetcher({ clock });
  const { fetchKeys = keyFetcher.fetch } = options;
  const folderKeys =
    care === undefined ? keepFolderKeys({ domains, fetchKeys, clock, random, logger }) : undefined;
  const caretaker =
    care &&
    new Caretaker({
      leadership: care.leadership,
      createDuties: (term) => care.createDuties(term, { ...replica, fetchKeys }),
      logger,
    });

  const { parts: added = [], delivery: deliveryParts } = options.add?.(replica) ?? {};
  const parts = [...added, ...adminParts(options, fleet)];
  const isReady = () => isPublished() && parts.every((part) => part.isReady?.() ?? true);
  return {
    ...{ ...publication, fleet, keyFetcher, folderKeys, caretaker },
    ...{ parts, deliveryParts, ready, isReady },
  };
}

function composePublication(
  { care, vouching, clock, logger }: OperatorOptions,
  listener: Listener,
): Publication {
  const book = createPolicyBook(() => vouching?.isVouching ?? true);
  const vouched = new VouchedBook(book, clock, logger);
  vouched.suspend(vouching?.isVouching === false);
  vouching?.subscribe((isVouching) => vouched.suspend(!isVouching));
  const guard = new Guard({
    ...{ book: vouched, clock, logger },
    worldOf: (domain) => domains.worldOf(domain),
    isLeader: () => care?.leadership.isLeader ?? true,
    isTerminating: async (namespace) => (await care?.isTerminating(namespace)) ?? false,
  });
  const domains = new Domains({
    ...{ book: guard, clock, logger },
    onChange(change) {
      guard.changed(change);
      if (domains.isReady) listener.onChange(change);
    },
    onReady() {
      logger.info({ domains: [...domains.names()].length }, "Ready");
      listener.onReady();
    },
  });
  return { book, vouched, guard, domains };
}

function adminParts({ admin: listen, clock, logger }: OperatorOptions, fleet: Fleet): readonly Part[] {
  return listen === undefined ? [] : [new AdminServer({ listen, fleet, clock, logger })];
}
