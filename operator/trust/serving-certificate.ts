/** The certificate that this replica serves with, as it changes. */
export interface ServingCertificate {
  /** PEM: the certificate with what lies between it and the authority, and its private key. */
  readonly current: { readonly cert: string; readonly key: string };
  /** Calls `listener` after each change of `current`. Returns the function that ends it. Listeners must not throw. */
  subscribe(listener: () => void): () => void;
}
