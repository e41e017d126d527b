import type { TokenEvidence } from "../../engine/token/token-evidence.ts";
import type { LoadedTokenPolicy } from "../../engine/token/token-policy.ts";
import type { Tokens } from "./check/decide-check.ts";

/** The same verifier for one request with many checks, which mostly bear one token: each is verified once. */
export function pinTokens(tokens: Tokens): Tokens {
  const verified = new Map<readonly LoadedTokenPolicy[], Map<string, Promise<TokenEvidence>>>();
  return {
    verify(policies, token, now) {
      let known = verified.get(policies);
      if (known === undefined) verified.set(policies, (known = new Map()));
      const evidence = known.get(token) ?? tokens.verify(policies, token, now);
      known.set(token, evidence);
      return evidence;
    },
  };
}
