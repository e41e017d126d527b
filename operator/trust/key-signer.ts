import { createPrivateKey, type KeyObject, sign } from "node:crypto";
import { encodeStatement, type Statement } from "../../engine/policy/statement.ts";
import type { Clock } from "../../host/clock.ts";
import type { AuthorityKeeper } from "./authority-keeper.ts";
import { activeOf } from "./generations.ts";
import type { Signed, Signer } from "./signer.ts";

/** Signs with the key whose time it is. */
export class KeySigner implements Signer {
  readonly #keeper: Pick<AuthorityKeeper, "state">;
  readonly #clock: Clock;
  #active: { readonly id: string; readonly key: KeyObject } | undefined;

  constructor(keeper: Pick<AuthorityKeeper, "state">, clock: Clock) {
    this.#keeper = keeper;
    this.#clock = clock;
  }

  /** Throws where there is no key to sign with, which the leader's care rules out. */
  sign(statement: Statement): Signed {
    const active = activeOf(this.#keeper.state.signingKeys, this.#clock.wallTime());
    if (active?.key === undefined) throw new Error("There is no key to sign policies with");
    if (this.#active?.id !== active.id) this.#active = { id: active.id, key: createPrivateKey(active.key) };
    return { signature: sign(null, encodeStatement(statement), this.#active.key), keyId: active.id };
  }
}
