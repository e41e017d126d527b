import type { PeerIdentity } from "./peer-identity.ts";

/** Who may come in, and to what. */
export interface Gate {
  /**
   * Who a peer is by its `authorization` headers. Rejects with SG2151 to SG2154 for what is refused, and with SG2156 when
   * nobody can tell, which is no refusal.
   */
  identify(headers: readonly (string | Buffer)[]): Promise<PeerIdentity>;
  /** Resolves when a peer may receive the policy of a domain. Rejects with SG2155 when it may not, and with SG2156. */
  authorize(peer: PeerIdentity, domain: string): Promise<void>;
}
