/** The entry of the package `sidegate/client`. */
export type { Check, Decision, Explanation, Level, Reason, Subject } from "./check.ts";
export {
  CheckFailedError,
  InvalidRequestError,
  PositionNotReachedError,
  UnavailableError,
} from "./errors.ts";
export type { Explained, ExplainedGrant, NeededChange, ObjectRef } from "./explain.ts";
export type { GrantAnswer, Grantable, GrantableQuery, GrantQuestion } from "./grants.ts";
export type {
  Dependency,
  HeldPermission,
  HeldScope,
  Holding,
  HoldingSubject,
  Page,
  PageOptions,
  PermissionsQuery,
  ScopesQuery,
  SubjectsQuery,
} from "./lists.ts";
export type { SidegateClientOptions } from "./options.ts";
export { type CheckOptions, SidegateClient } from "./sidegate-client.ts";
