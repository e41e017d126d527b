import type { Logger } from "pino";
import type { SidegateError } from "../engine/errors/sidegate-error.ts";
import type { Kind } from "../engine/model/objects.generated.ts";
import type { Clock } from "../host/clock.ts";
import type { DeliverySettings } from "./delivery/settings.ts";
import type { Duty, Term } from "./duty.ts";
import type { FetchKeys } from "./keys/fetch-keys.ts";
import type { Leadership } from "./leadership.ts";
import type { Vouching } from "./replica/vouching.ts";
import type { Additions, Replica } from "./replica.ts";
import type { Source } from "./source/source.ts";

/** What a source may report besides its events. */
export interface SourceReports {
  /** There is an object of which nothing can be made. Its domain has no current policy until it goes. */
  readonly onUnreadable: (domain: string, kind: Kind, name: string, error: Error) => void;
  /** Whether changes are known to arrive; so they are until this says otherwise. */
  readonly onContact: (isInTouch: boolean) => void;
  /** The source has ended for good. */
  readonly onFatal: (error: SidegateError) => void;
}

/** What is done for the objects, and when. */
export interface Care {
  readonly leadership: Leadership;
  /** Whether a namespace is being deleted. */
  readonly isTerminating: (namespace: string) => Promise<boolean>;
  /** Makes what the leader does in one term. */
  readonly createDuties: (term: Term, tools: CareTools) => readonly Duty[];
  /** Lets another replica lead, once no duty is at work any more. */
  readonly release?: () => Promise<void>;
}

export interface CareTools extends Replica {
  readonly fetchKeys: FetchKeys;
}

export interface OperatorOptions {
  readonly createSource: (reports: SourceReports) => Source;
  /** Absent: nobody looks after the objects, as with a folder. */
  readonly care?: Care | undefined;
  /** Whether this replica may say that its policies are current. Absent: it may. */
  readonly vouching?: Vouching | undefined;
  /** What each replica does besides reading, compiling and delivering. */
  readonly add?: (replica: Replica) => Additions;
  /** The name of this replica among others. Default: "operator", for the only one. */
  readonly replica?: string | undefined;
  /** Where sidecars connect: "HOST:PORT" or "unix:PATH". */
  readonly listen: string;
  /** Where health and metrics are served: "HOST:PORT". Absent: not at all. */
  readonly health?: string | undefined;
  /** Where metrics are served besides: "HOST:PORT". Absent: nowhere else. */
  readonly metrics?: string | undefined;
  /** Where administrators are answered, on loopback: "HOST:PORT" or "unix:PATH". Absent: nowhere. */
  readonly admin?: string | undefined;
  /** Fetches the keys of token policies that name an address. Default: over HTTP. */
  readonly fetchKeys?: FetchKeys;
  readonly clock: Clock;
  /** Uniform in [0, 1), to spread fetches in time. Default: always 0. */
  readonly random?: () => number;
  readonly logger: Logger;
  /** Told of the failure after which the operator can not go on; it should be stopped then. */
  readonly onFatal: (error: SidegateError) => void;
  readonly deliverySettings?: Partial<DeliverySettings>;
  /** Aborted when the process is asked to stop: then a start that is under way rejects with the signal's reason. */
  readonly stopping?: AbortSignal | undefined;
  /** How long sidecars may take to be handed over to other replicas at the end, in milliseconds. Default 5000. */
  readonly graceMs?: number | undefined;
}
