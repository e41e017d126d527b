// Generated from sidegate/v1/fleet.proto by proto/generate.ts.

import type { MessageType } from "../message-type.ts";

export interface ListSidecarsRequest {
  /** Empty: all domains. */
  domain: string;
}
export const ListSidecarsRequest: MessageType<ListSidecarsRequest>;

/** What a sidecar has of one domain. */
export interface SidecarState {
  /** "NAMESPACE/POD", or the name that the sidecar gives itself where no pod is proved. */
  sidecar: string;
  /** The version of its software. */
  version: string;
  /** Where its connection comes from. */
  peer: string;
  /** The user that its token proves; empty where delivery is not authenticated. */
  user: string;
  domain: string;
  /** The revision that it decides by; empty: none. */
  revision: string;
  /** Whether that is the current one of the replica. */
  current: boolean;
  /** For how long it has lacked the current revision, in milliseconds; 0 while it has it. */
  lagMs: number;
  /** How long ago its last message came, in milliseconds. */
  lastContactMs: number;
  /** How long its stream has been open, in milliseconds. */
  connectedMs: number;
  /** The revision that it refused last, with the code and the sentence that it gave; empty: none. */
  refusedRevision: string;
  refusedCode: string;
  refusedMessage: string;
  /** Whether it has seen more than this replica. */
  behind: boolean;
}
export const SidecarState: MessageType<SidecarState>;
