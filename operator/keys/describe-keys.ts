import type { Condition, TokenPolicy } from "../../engine/model/objects.generated.ts";
import type { IgnoredKey } from "../../engine/token/json-web-key-set.ts";
import { readKeySet } from "../../engine/token/json-web-key-set.ts";
import { formatTime } from "../kube/format-time.ts";
import type { KeyFailure, KeyState } from "./key-keeper.ts";

/** What the status of a TokenPolicy says of its keys. */
export interface KeyReport {
  readonly fields: { readonly keySet?: FetchedKeySet };
  readonly conditions: readonly KeyCondition[];
  readonly note: "";
}

type FetchedKeySet = NonNullable<NonNullable<TokenPolicy["status"]>["keySet"]>;
type KeyCondition = Pick<Condition, "type" | "reason" | "message"> & { readonly status: "True" | "False" };

export const KEYS_READY = "KeysReady";

const NOTHING: KeyReport = { fields: {}, conditions: [], note: "" };
/** Keys that a message names. */
const MOST_NAMED = 5;

/**
 * What is to be said of the keys of a policy: what was said before, as long as there is nothing newer. So a restart loses
 * nothing, and of two operators the one that fetched last is believed.
 *
 * @param state of its address; undefined or of another address: nothing is known of that yet
 * @param now milliseconds since 1970
 */
export function describeKeys(policy: TokenPolicy, state: KeyState | undefined, now: number): KeyReport {
  const address = policy.spec.keys.jwksURL;
  if (address === undefined) return NOTHING;
  const said = policy.status?.conditions?.find(({ type }) => type === KEYS_READY);
  const held = policy.status?.keySet;
  const before = held?.source === address ? held : undefined;
  const known = state?.address === address ? state : undefined;
  const keySet = newestOf(before, known, now);
  const fields = keySet === undefined ? {} : { keySet };
  const report = (...conditions: KeyCondition[]): KeyReport => ({ fields, conditions, note: "" });
  if (known?.failure !== undefined) return report(describeFailure(address, known.failure, keySet, said));
  if (known?.fetched !== undefined) {
    return report(describeSet(address, keySet as FetchedKeySet, known.fetched));
  }
  if (said === undefined || before === undefined || said.status === "Unknown") return report();
  const { type, status, reason, message } = said;
  return report({ type, status, reason, message });
}

function newestOf(
  before: FetchedKeySet | undefined,
  { address, fetched }: Partial<KeyState> = {},
  now: number,
): FetchedKeySet | undefined {
  if (address === undefined || fetched === undefined) return before;
  if (before?.jwks === fetched.jwks) return before;
  const heldAt = before === undefined ? Number.NEGATIVE_INFINITY : Date.parse(before.fetchedAt);
  // Times are written in whole seconds. One from the future is of a clock that went wrong, and would stay for good.
  if (before !== undefined && heldAt <= now && heldAt > fetched.at) return before;
  return { jwks: fetched.jwks, source: address, fetchedAt: formatTime(fetched.at) };
}

function describeSet(
  address: string,
  keySet: FetchedKeySet,
  { ignored }: { readonly ignored: readonly IgnoredKey[] },
): KeyCondition {
  const count = countOf(keySet);
  const left = describeIgnored(ignored);
  if (count === 0) {
    const message = `${address} has no key that can be used, so no token is valid${left}`;
    return { type: KEYS_READY, status: "False", reason: "Invalid", message };
  }
  const message = `${count === 1 ? "1 key" : `${count} keys`} of ${address}${left}`;
  return { type: KEYS_READY, status: "True", reason: "Fetched", message };
}

function describeFailure(
  address: string,
  { reason, detail, since }: KeyFailure,
  keySet: FetchedKeySet | undefined,
  said: Condition | undefined,
): KeyCondition {
  // A failure may be older than this process.
  const told =
    said?.status === "False" && said.reason === reason ? Date.parse(said.lastTransitionTime) : since;
  const what = reason === "Unreachable" ? "can not be fetched" : "gives no key set";
  const effect =
    keySet === undefined || countOf(keySet) === 0
      ? "no keys are known, so no token is valid"
      : `the keys of ${keySet.fetchedAt} stay in use`;
  const message = `${address} ${what} since ${formatTime(Math.min(told, since))}: ${detail}; ${effect}`;
  return { type: KEYS_READY, status: "False", reason, message };
}

function describeIgnored(ignored: readonly IgnoredKey[]): string {
  const named = ignored
    .slice(0, MOST_NAMED)
    .map(({ place, why }) => `; left out: the key at place ${place} ${why}`);
  return named.join("") + (ignored.length > MOST_NAMED ? `; and ${ignored.length - MOST_NAMED} more` : "");
}

function countOf({ jwks }: FetchedKeySet): number {
  const set = readKeySet(jwks);
  return typeof set === "string" ? 0 : set.keys.length;
}
