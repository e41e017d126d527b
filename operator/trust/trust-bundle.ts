import type { AuthorityKeeper } from "./authority-keeper.ts";
import type { AuthorityState } from "./authority-state.ts";
import { formatPolicyKeys } from "./signing-key.ts";

/** What sidecars and the API server trust. */
export interface TrustBundle {
  /** Certificates of authorities, PEM, one after the other. */
  readonly ca: string;
  /** A JWKS of the public keys that may sign policies. */
  readonly policyKeys: string;
  /** Calls `listener` after each change. Returns the function that ends it. Listeners must not throw. */
  subscribe(listener: () => void): () => void;
}

/** Of the operator's own authority: everything that is announced, active, or still trusted. */
export class OwnBundle implements TrustBundle {
  readonly #keeper: Pick<AuthorityKeeper, "state" | "subscribe">;
  #of: AuthorityState | undefined;
  #ca = "";
  #policyKeys = "";

  constructor(keeper: Pick<AuthorityKeeper, "state" | "subscribe">) {
    this.#keeper = keeper;
  }

  get ca(): string {
    this.#refresh();
    return this.#ca;
  }

  get policyKeys(): string {
    this.#refresh();
    return this.#policyKeys;
  }

  subscribe(listener: () => void): () => void {
    return this.#keeper.subscribe(listener);
  }

  #refresh(): void {
    const { state } = this.#keeper;
    if (this.#of === state) return;
    this.#of = state;
    this.#ca = state.authorities.map(({ certificate }) => `${certificate.trim()}\n`).join("");
    this.#policyKeys = formatPolicyKeys(state.signingKeys);
  }
}

/** With certificates from elsewhere: their authority, and the operator's own keys for policies. */
export function mixedBundle(
  authority: { readonly ca: string; subscribe(listener: () => void): () => void },
  keys: Pick<TrustBundle, "policyKeys" | "subscribe">,
): TrustBundle {
  return {
    get ca() {
      return authority.ca;
    },
    get policyKeys() {
      return keys.policyKeys;
    },
    subscribe(listener) {
      const ends = [authority.subscribe(listener), keys.subscribe(listener)];
      return () => {
        for (const end of ends) end();
      };
    },
  };
}
