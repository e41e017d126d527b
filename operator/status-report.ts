/** A condition but for its times. */
export interface Finding {
  readonly status: "True" | "False";
  readonly reason: string;
  readonly message: string;
}

/** What there is to say of an object besides its verdict. */
export interface StatusReport {
  /** Fields of the status. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Conditions besides Accepted, but for their times. */
  readonly conditions: readonly (Finding & { readonly type: string })[];
  /** Added to the message of an Accepted condition that is true. */
  readonly note: string;
}

export const NOTHING_TO_SAY: StatusReport = { fields: {}, conditions: [], note: "" };
