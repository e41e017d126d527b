import type { CaseToken } from "../../cli/cases/case-world.ts";
import type { SidegateObject, TokenPolicy } from "../../engine/model/objects.generated.ts";
import type { PresentedToken } from "../oracle/request.ts";

/** A token whose signature is judged by what the case says of it: the key that signed must be one of its policy's. */
export function present(
  { text, claims, signedBy }: CaseToken,
  objects: readonly SidegateObject[],
): PresentedToken {
  const audiences = [claims?.aud].flat();
  const policies = objects.filter(
    (object): object is TokenPolicy =>
      object.kind === "TokenPolicy" &&
      object.spec.issuer === claims?.iss &&
      object.spec.audiences.some((audience) => audiences.includes(audience)),
  );
  const isGood = policies.length > 0 && policies.every((policy) => holdsKey(policy, signedBy));
  return { text, claims: isGood ? claims : undefined };
}

/** What is no key set holds no key. */
function holdsKey({ spec }: TokenPolicy, id: string | undefined): boolean {
  return id !== undefined && (spec.keys.jwks ?? "").includes(`"kid":"${id}"`);
}
