/** What a sidecar said of a revision. */
export interface Reply {
  readonly revision: string;
  /** Absent: it decides by it now. */
  readonly refusal?: { readonly code: string; readonly message: string };
}

/** The push that is under way: whether its Commit was written. */
export interface Outstanding {
  readonly revision: string;
  readonly committed: boolean;
}

export type Verdict = "acknowledged" | "refused" | "stale";

/**
 * What a reply means. Only the answer to the Commit that is under way counts; one about another revision, or that comes
 * without a Commit, is stale and changes nothing.
 */
export function judgeReply(outstanding: Outstanding | undefined, reply: Reply): Verdict {
  if (outstanding === undefined || !outstanding.committed) return "stale";
  if (outstanding.revision !== reply.revision) return "stale";
  return reply.refusal === undefined ? "acknowledged" : "refused";
}
