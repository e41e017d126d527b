/** What an asker can be asked to ask. */
export interface Question {
  /** The name of a User. */
  readonly subject: string;
  readonly permission: string;
  readonly scope: string;
  readonly domain?: string;
}

/** What its sidecar said, or why there was no answer, and how long that took. */
export type Answer = { readonly ms: number } & (
  | { readonly allowed: boolean; readonly reason: string }
  | { readonly error: string }
);

/** What came of the questions that an asker asks by itself; those that went wrong in full, with the time. */
export interface Tally {
  /** When the application began, in milliseconds since 1970. */
  readonly begunAt: number;
  right: number;
  readonly wrong: string[];
  readonly failed: string[];
  slowestMs: number;
}
