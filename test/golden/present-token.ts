import type { CaseToken } from "../../cli/cases/case-world.ts";
import type { SidegateObject, TokenPolicy } from "../../engine/model/objects.generated.ts";
import type { PresentedToken } from "../oracle/request.ts";

/** A token whose signature is judged by what the case says of it: the key that signed must be the one of its policy. */
export function present(token: CaseToken, objects: readonly SidegateObject[]): PresentedToken {
  const { text, claims } = token;
  const audiences = [claims?.aud].flat();
  const policies = objects.filter(
    (object): object is TokenPolicy =>
      object.kind === "TokenPolicy" &&
      object.spec.issuer === claims?.iss &&
      object.spec.audiences.some((audience) => audiences.includes(audience)),
  );
  const isGood = policies.length > 0 && policies.every((policy) => isSignedFor(policy, token));
  return { text, claims: isGood ? claims : undefined };
}

/**
 * "Without `kid`, exactly one key must have the algorithm. Two keys with the same `kid` and `alg` make the token invalid, as
 * does any `crit`."
 */
function isSignedFor({ spec }: TokenPolicy, { header, signedBy }: CaseToken): boolean {
  if (header === undefined || signedBy === undefined || header.crit !== undefined) return false;
  const fitting = keysOf(spec.keys.jwks ?? "").filter(
    ({ kid, alg }) => alg === header.alg && (header.kid === undefined || kid === header.kid),
  );
  return fitting.length === 1 && fitting[0]?.kid === signedBy;
}

/** What is no key set holds no key. */
function keysOf(jwks: string): readonly { readonly kid?: string; readonly alg?: string }[] {
  return jwks.startsWith('{"keys"') ? JSON.parse(jwks).keys : [];
}
