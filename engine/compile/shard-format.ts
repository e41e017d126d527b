/** The version of the compiled form that this software writes and reads. */
export const SHARD_FORMAT = 1;

/** Flag of a binding that was given on joining: its Deny rules do not count. */
export const DEFAULT_FLAG = 1;
