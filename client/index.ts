/** The entry of the package `sidegate/client`. */
export type { Check, Decision, Explanation, Level, Reason, Subject } from "./check.ts";
export {
  CheckFailedError,
  InvalidRequestError,
  PositionNotReachedError,
  UnavailableError,
} from "./errors.ts";
export { type CheckOptions, SidegateClient, type SidegateClientOptions } from "./sidegate-client.ts";
