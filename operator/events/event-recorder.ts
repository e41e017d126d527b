/** The object that an event is about. */
export interface ObjectReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** Absent for objects that have none; their events stand in "default". */
  readonly namespace?: string | undefined;
  readonly uid?: string | undefined;
  readonly resourceVersion?: string | undefined;
}

/** What happened, for a person who describes the object. */
export interface RecordedEvent {
  readonly type: "Normal" | "Warning";
  /** Why, in UpperCamelCase, for machines; at most 128 characters. */
  readonly reason: string;
  /** A sentence; cut after 1024 characters. */
  readonly message: string;
  /** What was done or tried, in UpperCamelCase; at most 128 characters. */
  readonly action: string;
}

/** Records events in the API. The like of one another are counted instead of written again, and many are dropped. */
export interface EventRecorder {
  /** Never throws, waits for nothing. */
  record(about: ObjectReference, event: RecordedEvent): void;
}

/** For operators without an API, as on a folder. */
export const NO_EVENTS: EventRecorder = { record: () => {} };
