import type { ReviewHandler } from "./review.ts";

/** What answers the reviews at each path. An absent one is 404. */
export interface WebhookRoutes {
  /** Validating, of Sidegate's kinds. */
  readonly "/validate"?: ReviewHandler | undefined;
  /** Mutating, of Sidegate's kinds. */
  readonly "/default"?: ReviewHandler | undefined;
  /** Mutating, of pods. */
  readonly "/inject"?: ReviewHandler | undefined;
}

export interface WebhookServer {
  /** "HOST:PORT", with the port that was really taken. */
  readonly address: string;
  /** Takes no new connections, answers what was asked, and resolves when that is done, after `graceMs` at the latest. */
  stop(graceMs?: number): Promise<void>;
}
