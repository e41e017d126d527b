/** What a client is made with. */
export interface SidegateClientOptions {
  /**
   * Where the sidecar listens. Default: what SIDEGATE_ADDRESS says, which injection sets, else
   * "unix:/run/sidegate/sidegate.sock"; "127.0.0.1:7430" is another.
   */
  readonly address?: string | undefined;
  /** The domain of checks that name none. Default: what SIDEGATE_DOMAIN says, else that which the sidecar serves. */
  readonly domain?: string | undefined;
  /**
   * A file with the token by which the sidecar of a node knows this pod. Default: what SIDEGATE_TOKEN_FILE says, else none.
   */
  readonly tokenFile?: string | undefined;
  /** How long a call may take that sets no deadline of its own, in milliseconds. Default 5000. */
  readonly deadlineMs?: number;
}
