/** What the ports of the processes take at once, and how long. docs/reference/limits.md is generated from this table. */
export const serverLimits = {
  /** Connections to a sidecar for decisions, at each address; further ones are closed. */
  connections: 512,
  /** Calls that one connection for decisions may have open; more wait at the client. */
  callsPerConnection: 1000,
  /** Requests that wait for a minimum position, over all domains; and for a first answer of a node's sidecar. */
  waiters: 1024,
  /** Requests of one caller of a node's sidecar that wait for a first answer. */
  waitersOfCaller: 64,
  /** Milliseconds that a request waits for a minimum position, or a first answer of a node's sidecar, if it has no deadline. */
  patienceMs: 5_000,
  /** Milliseconds that a request waits for these at most. */
  longestWaitMs: 30_000,
  /** Connections to a port for probes; a new one takes the place of the oldest. */
  probeConnections: 64,
  /** Milliseconds that a connection to a port for probes may last. */
  probeLifetimeMs: 10_000,
} as const;
