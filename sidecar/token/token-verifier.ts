import { JWSSignatureVerificationFailed } from "jose/errors";
import { compactVerify } from "jose/jws/compact/verify";
import type { Logger } from "pino";
import { limits } from "../../engine/model/limits.ts";
import { readClaimsOf, selectTokenPolicy } from "../../engine/token/read-claims.ts";
import { type KeyHint, selectKey } from "../../engine/token/select-key.ts";
import { invalidToken, type TokenEvidence } from "../../engine/token/token-evidence.ts";
import type { LoadedTokenPolicy } from "../../engine/token/token-policy.ts";
import { Semaphore } from "../../host/semaphore.ts";
import { KeyRing, type ReadyKeys } from "./key-ring.ts";
import { readToken } from "./read-token.ts";

/**
 * Signatures that are checked at a time; more would only keep the thread pool from its other work. What waits is bounded by
 * the calls under way, each of which has one at most.
 */
const MOST_AT_A_TIME = 8;

/**
 * Verifies tokens (semantics, section 7). One instance serves all requests. Nothing of a token is kept once it is answered,
 * neither its text nor whether it was good: the signature is checked each time.
 *
 * INVARIANT: no log line, no error and no detail holds text of a token or the value of a claim.
 */
export class TokenVerifier {
  readonly #logger: Logger;
  readonly #ring = new KeyRing();
  readonly #semaphore = new Semaphore(MOST_AT_A_TIME);
  /** Key sets that were reported on. They go with the ring's. */
  readonly #reported = new WeakSet<ReadyKeys>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /**
   * What a token proves. Never rejects.
   *
   * @param policies all of the domain
   * @param now milliseconds since 1970
   */
  async verify(policies: readonly LoadedTokenPolicy[], token: string, now: number): Promise<TokenEvidence> {
    // Before anything is parsed.
    if (token.length > limits.token) {
      return invalidToken(`the token has more than ${limits.token} characters`);
    }
    const unproven = readToken(token);
    if (typeof unproven === "string") return invalidToken(unproven);
    const policy = selectTokenPolicy(policies, unproven.claims);
    if ("valid" in policy) return policy;
    const problem = await this.#semaphore.run(() => this.#checkSignature(policy, token, unproven.hint));
    return problem === undefined ? readClaimsOf(policy, unproven.claims, now) : invalidToken(problem);
  }

  /** @returns what is wrong with the signature, as a sentence without full stop */
  async #checkSignature(
    policy: LoadedTokenPolicy,
    token: string,
    hint: KeyHint,
  ): Promise<string | undefined> {
    const ready = await this.#ring.get(policy.jwks);
    this.#report(policy, ready);
    const key = selectKey(ready.keys, hint);
    if (typeof key === "string") return key;
    try {
      // The algorithm is the key's, never the token's.
      await compactVerify(token, key.key, { algorithms: [key.alg] });
      return undefined;
    } catch (error) {
      if (error instanceof JWSSignatureVerificationFailed) return "the token's signature is not good";
      return "the token's signature can not be checked";
    }
  }

  #report({ name: policy }: LoadedTokenPolicy, ready: ReadyKeys): void {
    if (this.#reported.has(ready)) return;
    this.#reported.add(ready);
    const { problem, ignored } = ready;
    if (problem !== undefined)
      this.#logger.warn({ policy, problem }, "The keys of a token policy can not be read");
    for (const { place, why } of ignored) {
      this.#logger.warn({ policy, place, why }, "A key of a token policy can not be used");
    }
  }
}
