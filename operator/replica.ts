import type { DeliveryServerOptions } from "./delivery/delivery-server.ts";
import type { Domains, ObjectChange } from "./domains.ts";
import type { Fleet } from "./fleet/fleet.ts";
import type { OwnReports } from "./fleet/own-reports.ts";
import type { Guard } from "./guard/guard.ts";
import type { PolicyBook } from "./policy-book.ts";

/** What every replica has, for the parts that are added to it. */
export interface Replica {
  /** The objects as they were read. */
  readonly domains: Domains;
  /** The policies that this replica vouches for. */
  readonly book: PolicyBook;
  /** What holds policies back that take too much away. */
  readonly guard: Guard;
  /** The sidecars that are connected to it. */
  readonly fleet: Fleet;
  /** What it can say of them. */
  readonly own: OwnReports;
  /** Whether everything seen at the start was published and changes are known to arrive. */
  isReady(): boolean;
}

/** Something that each replica does besides, whether it leads or not. */
export interface Part {
  /** Begins. A rejection keeps the operator from starting. */
  start?(): Promise<void>;
  /** Whether traffic may come, as far as this part is concerned. */
  isReady?(): boolean;
  /** An object changed; told once this replica is ready. */
  changed?(change: ObjectChange): void;
  /** When it stops: no sidecar is connected any more, and the replica still counts among the live ones. */
  unserved?(): Promise<void>;
  /** Gauges by name, in Prometheus' spelling. */
  gauges?(): Readonly<Record<string, number>>;
  stop(): Promise<void>;
}

/** What is added to the delivery server. */
export type DeliveryParts = Partial<
  Omit<DeliveryServerOptions, "book" | "fleet" | "listen" | "clock" | "logger">
>;

/** What is added to a replica. */
export interface Additions {
  /** Started in this order, before anything is read, and stopped in the opposite one, after everything is. */
  readonly parts?: readonly Part[];
  readonly delivery?: DeliveryParts;
}
