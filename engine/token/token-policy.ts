import type { TokenPolicy } from "../model/objects.generated.ts";
import { formatKeySet, readKeySet } from "./json-web-key-set.ts";

/** A TokenPolicy as compiled policies hold it. */
export interface LoadedTokenPolicy {
  readonly name: string;
  readonly issuer: string;
  readonly audiences: readonly string[];
  /** A JSON Web Key Set; empty: no keys are known, so no token is valid. */
  readonly jwks: string;
  readonly subjectClaim: string;
  /** Undefined: tokens are not narrowed. */
  readonly narrowing: NarrowingPolicy | undefined;
}

/** How a claim narrows. */
export interface NarrowingPolicy {
  readonly claim: string;
  /** From the least to the most specific. */
  readonly selectors: readonly Selector[];
  /** What a token without the claim may do. */
  readonly absent: Otherwise;
  /** What becomes of a permission that no selector of the claim matches. */
  readonly unmatched: Otherwise;
}

export interface Selector {
  /** For example "integration:*" or "integration:[name]". */
  readonly pattern: string;
  /** The attribute of the resource that is compared. */
  readonly attribute: string;
}

export type Otherwise = "Deny" | "Allow";

/** A TokenPolicy as it is compiled, with the documented defaults. */
export function loadTokenPolicy(policy: TokenPolicy): LoadedTokenPolicy {
  const { issuer, audiences, subjectClaim = "sub", narrowing } = policy.spec;
  return {
    name: policy.metadata.name,
    issuer,
    audiences,
    jwks: publicPart(keysOf(policy)),
    subjectClaim,
    narrowing: narrowing && {
      claim: narrowing.claim,
      selectors: narrowing.selectors.map(({ pattern, attribute }) => ({ pattern, attribute })),
      absent: narrowing.absent ?? "Deny",
      unmatched: narrowing.unmatched ?? "Deny",
    },
  };
}

/** The usable keys alone: a private or symmetric key that got into a policy is delivered nowhere. */
function publicPart(jwks: string): string {
  if (jwks === "") return "";
  const set = readKeySet(jwks);
  return typeof set === "string" ? "" : formatKeySet(set.keys);
}

/**
 * The key set that counts for a policy: its own, or what the operator has fetched from the address that it names now.
 * Empty: none.
 */
export function keysOf({ spec, status }: Pick<TokenPolicy, "spec" | "status">): string {
  const { jwks, jwksURL } = spec.keys;
  if (jwks !== undefined && jwksURL !== undefined) return "";
  if (jwks !== undefined) return jwks;
  const fetched = status?.keySet;
  return fetched !== undefined && fetched.source === jwksURL ? fetched.jwks : "";
}
