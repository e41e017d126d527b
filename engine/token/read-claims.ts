import { isDeeperThan, type JsonObject, type JsonValue } from "../model/json.ts";
import { limits } from "../model/limits.ts";
import { quote } from "../model/quote.ts";
import { isReserved } from "../model/subject.ts";
import { readNarrowing } from "./narrowing.ts";
import { type InvalidToken, invalidToken, type TokenEvidence } from "./token-evidence.ts";
import type { LoadedTokenPolicy } from "./token-policy.ts";

/**
 * What the claims of a token prove whose signature is good (semantics, section 7). Total: whatever the claims are, there is an
 * answer.
 *
 * @param policies all of the domain
 * @param now milliseconds since 1970; there is no leeway
 */
export function readClaims(
  policies: readonly LoadedTokenPolicy[],
  claims: JsonObject,
  now: number,
): TokenEvidence {
  const policy = selectTokenPolicy(policies, claims);
  return "valid" in policy ? policy : readClaimsOf(policy, claims, now);
}

/** The one policy that issuer and audience select. The keys that the signature must be good for are its own. */
export function selectTokenPolicy(
  policies: readonly LoadedTokenPolicy[],
  claims: JsonObject,
): LoadedTokenPolicy | InvalidToken {
  const issuer = own(claims, "iss");
  if (typeof issuer !== "string") return invalidToken("the claim iss is no text");
  const audiences = readAudiences(own(claims, "aud"));
  if (audiences === undefined) return invalidToken("the claim aud is neither a text nor a list of texts");
  const [policy, another] = policies.filter(
    (candidate) =>
      candidate.issuer === issuer && candidate.audiences.some((audience) => audiences.includes(audience)),
  );
  if (policy === undefined)
    return invalidToken("no TokenPolicy is for the issuer and an audience of the token");
  if (another === undefined) return policy;
  const names = `${quote(policy.name)} and ${quote(another.name)}`;
  return invalidToken(`issuer and audience select more than one TokenPolicy, ${names}`);
}

/** As `readClaims`, by the policy that was selected. */
export function readClaimsOf(policy: LoadedTokenPolicy, claims: JsonObject, now: number): TokenEvidence {
  if (isDeeperThan(claims, limits.tokenDepth)) {
    return invalidToken(`the claims are nested deeper than ${limits.tokenDepth}`);
  }
  const untimely = checkTime(claims, now);
  if (untimely !== undefined) return invalidToken(untimely);
  const subject = own(claims, policy.subjectClaim);
  const misfit = checkSubject(subject);
  if (misfit !== undefined) return invalidToken(`the claim ${quote(policy.subjectClaim)} ${misfit}`);
  const narrowing = policy.narrowing && readNarrowing(policy.narrowing, own(claims, policy.narrowing.claim));
  if (narrowing !== undefined && "problem" in narrowing) return invalidToken(narrowing.problem);
  return { valid: true, policy: policy.name, subject: subject as string, claims, narrowing };
}

/** RFC 7519, 4.1.3: one text, or a list of them. */
function readAudiences(claim: JsonValue | undefined): readonly string[] | undefined {
  if (typeof claim === "string") return [claim];
  if (!Array.isArray(claim) || !claim.every((entry) => typeof entry === "string")) return undefined;
  return claim;
}

/** RFC 7519, 4.1.4 and 4.1.5: valid before `exp`, from `nbf` on. */
function checkTime(claims: JsonObject, now: number): string | undefined {
  for (const name of ["exp", "nbf"]) {
    const claim = own(claims, name);
    // 1e400 is read as infinite, which no JSON means.
    if (claim !== undefined && !Number.isFinite(claim)) {
      return `the claim ${name} is no time in seconds since 1970`;
    }
  }
  const { exp, nbf } = claims as { readonly exp?: number; readonly nbf?: number };
  if (Object.hasOwn(claims, "exp") && now >= (exp as number) * 1000) return "the token has expired";
  if (Object.hasOwn(claims, "nbf") && now < (nbf as number) * 1000) return "the token is not valid yet";
  return undefined;
}

function checkSubject(claim: JsonValue | undefined): string | undefined {
  if (claim === undefined) return "is missing, which names the subject";
  if (typeof claim !== "string") return "is no text, but names the subject";
  if (claim === "") return "is empty, but names the subject";
  if (isReserved(claim)) return "names a subject that is reserved for Sidegate";
  if (claim.length > limits.subjectName) return `has more than ${limits.subjectName} characters`;
  // A lone surrogate has no encoding of its own, so two such names could become one.
  return claim.isWellFormed() ? undefined : "is no well-formed Unicode";
}

/** A claim that was sent: `constructor` and the like are none. */
function own(claims: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(claims, name) ? claims[name] : undefined;
}
