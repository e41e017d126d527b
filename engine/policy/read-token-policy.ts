import type { CompiledTokenPolicy } from "../../proto/generated/shard.js";
import type { LoadedTokenPolicy } from "../token/token-policy.ts";

/** A token policy from its compiled form. */
export function readTokenPolicy(compiled: CompiledTokenPolicy): LoadedTokenPolicy {
  const { name, issuer, audiences, jwks, subjectClaim, claim, selectors } = compiled;
  const narrowing =
    claim === ""
      ? undefined
      : ({
          claim,
          selectors,
          absent: compiled.absentAllows ? "Allow" : "Deny",
          unmatched: compiled.unmatchedAllows ? "Allow" : "Deny",
        } as const);
  return { name, issuer, audiences, jwks, subjectClaim, narrowing };
}
