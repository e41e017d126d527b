import { randomUUID } from "node:crypto";
import type { TokenIdentity } from "../fake-apiserver/reviews.ts";

/** What a token claims of itself. */
export interface TokenText {
  readonly audiences?: readonly string[];
  /** Seconds since 1970. */
  readonly expiresAt?: number;
}

/** A token that looks like one of a service account; its signature means nothing. No two are the same. */
export function tokenText({ audiences = ["sidegate.dev/operator"], expiresAt }: TokenText = {}): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = { aud: audiences, jti: randomUUID(), ...(expiresAt !== undefined && { exp: expiresAt }) };
  return [part({ alg: "RS256" }), part(claims), part({ not: "a signature" })].join(".");
}

/** Whom the token of a pod's service account stands for, as the API server says it. */
export function podIdentity(namespace: string, account: string, pod: string): TokenIdentity {
  return {
    username: `system:serviceaccount:${namespace}:${account}`,
    uid: `uid-of-${account}`,
    groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`],
    extra: {
      "authentication.kubernetes.io/pod-name": [pod],
      "authentication.kubernetes.io/pod-uid": [`uid-of-${pod}`],
    },
    audiences: ["sidegate.dev/operator"],
  };
}
