/** Whether this replica does what only one may do at a time. */
export interface Leadership {
  readonly isLeader: boolean;
  /**
   * Calls `listener` with each change, in the same turn; not with what holds already. Listeners must not throw. Returns the
   * way to end it.
   */
  subscribe(listener: (isLeader: boolean) => void): () => void;
}

/** Of an operator without replicas. */
export const ALWAYS_LEADING: Leadership = {
  isLeader: true,
  subscribe: () => () => {},
};
