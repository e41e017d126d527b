// Generated from google/rpc/error.proto by proto/generate.ts.

import type { MessageType } from "../message-type.ts";

export interface Any {
  type_url: string;
  value: Uint8Array;
}
export const Any: MessageType<Any>;

export interface Status {
  code: number;
  message: string;
  details: Any[];
}
export const Status: MessageType<Status>;

/** Says in constants what went wrong, for programs. */
export interface ErrorInfo {
  reason: string;
  domain: string;
  metadata: { [key: string]: string };
}
export const ErrorInfo: MessageType<ErrorInfo>;
