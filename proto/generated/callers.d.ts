// Generated from sidegate/v1/callers.proto by proto/generate.ts.

import type { MessageType } from "../message-type.ts";

export interface ReviewCallerRequest {
  /** The token that the caller presented: of a service account, with the audience sidegate.dev/sidecar. */
  token: string;
  /** The domain that the caller asks about. Empty: that of its pod's namespace. */
  domain: string;
}
export const ReviewCallerRequest: MessageType<ReviewCallerRequest>;

export interface ReviewCallerResponse {
  /** The domain in question, also where the request named none. Empty when the token is refused. */
  domain: string;
  /** For example "system:serviceaccount:shop:pay". */
  user: string;
  /** When the token ends, in milliseconds since 1970; 0 where it does not say. */
  expiresAt: number;
  /** Absent: the caller may ask. */
  refusal: CallerRefusal | null;
}
export const ReviewCallerResponse: MessageType<ReviewCallerResponse>;

export interface CallerRefusal {
  /** Whether the token itself is refused, or only this domain to its bearer. */
  unauthenticated: boolean;
  /** What is wrong and what to do, for the caller's eyes. */
  message: string;
}
export const CallerRefusal: MessageType<CallerRefusal>;
