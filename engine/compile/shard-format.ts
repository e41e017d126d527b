/** The version of the compiled form that this software writes and reads. */
export const SHARD_FORMAT = 2;

/** Flag of a binding that was given on joining: its Deny rules do not count, and it yields to other bindings. */
export const DEFAULT_FLAG = 1;

/** Kinds of constraints as they stand in compiled policies. */
export const ConstraintKind = { Static: 1, Dynamic: 2, Exclusive: 3, MinHolders: 4 } as const;
export type ConstraintKind = (typeof ConstraintKind)[keyof typeof ConstraintKind];
