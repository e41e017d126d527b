import type { JsonObject } from "../model/json.ts";
import type { Narrowing } from "./narrowing.ts";

/** What a request's token proves. */
export type TokenEvidence = InvalidToken | ValidToken;

export interface InvalidToken {
  readonly valid: false;
  /** A sentence without full stop for the operator: what is wrong. It never holds text of the token or the value of a claim. */
  readonly detail: string;
}

export interface ValidToken {
  readonly valid: true;
  /** The name of the TokenPolicy, so that the group is `token:POLICY`. */
  readonly policy: string;
  /** The User whom the token stands for. */
  readonly subject: string;
  readonly claims: JsonObject;
  /** What the token may at most be used for; undefined: whatever its subject may do. */
  readonly narrowing: Narrowing | undefined;
}

export function invalidToken(detail: string): InvalidToken {
  return { valid: false, detail };
}
