import type { JsonObject } from "../../engine/model/json.ts";

/** A question to the oracle: section 3. An empty string or list is none given. */
export interface OracleRequest {
  /** "User" or "ServiceAccount"; empty, like the name, where the token alone says who asks. */
  readonly subjectKind: string;
  readonly subjectName: string;
  /** Asserted groups. */
  readonly groups: readonly string[];
  /** "type:verb" */
  readonly permission: string;
  /** "platform", "organization/NAME", "workspace/NAME" or "environment/NAME". */
  readonly scope: string;
  readonly resourceName: string;
  readonly activeRoles: readonly string[];
  readonly subjectAttributes?: JsonObject;
  readonly resourceAttributes?: JsonObject;
  readonly context?: JsonObject;
  readonly token?: PresentedToken;
  /** Whether the policy is older than the staleness bound, in a domain that answers by Deny. */
  readonly stale?: boolean;
}

/** A token without its signature, which the oracle can not judge: no claims stand for a signature that is not valid. */
export interface PresentedToken {
  readonly claims: JsonObject | undefined;
  /** What was sent, of which only the length counts. */
  readonly text?: string;
}
