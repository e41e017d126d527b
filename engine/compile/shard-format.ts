/** The version of the compiled form that this software writes and reads. */
export const SHARD_FORMAT = 1;
