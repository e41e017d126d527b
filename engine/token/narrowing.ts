import { isJsonObject, type JsonValue } from "../model/json.ts";
import { limits } from "../model/limits.ts";
import { quote } from "../model/quote.ts";
import { matchPattern, type Selected } from "./selector-pattern.ts";
import type { NarrowingPolicy, Otherwise } from "./token-policy.ts";

/** What a token narrows to (semantics, section 7). */
export interface Narrowing {
  /** The members of the claim, the most specific first. */
  readonly members: readonly NarrowingMember[];
  /** What holds where no member matches, or where the token has no such claim. */
  readonly otherwise: Otherwise;
  /** Whether the token has the claim. */
  readonly isPresent: boolean;
}

/** One member of the claim: a selector and what it keeps. */
export interface NarrowingMember {
  /** The selector as it stands in the claim, for the operator's eyes. */
  readonly selector: string;
  /** The attribute of the resource that it is matched against. */
  readonly attribute: string;
  readonly selected: Selected;
  /** All, nothing, or the listed permissions: "type:verb", or a type for all its verbs. */
  readonly keeps: boolean | readonly string[];
}

/** Why the claim can not be read: a sentence that may name a selector, but no value. */
export interface NarrowingProblem {
  readonly problem: string;
}

/**
 * Reads the claim that narrows.
 *
 * @param claim its value; undefined: the token has none
 */
export function readNarrowing(
  policy: NarrowingPolicy,
  claim: JsonValue | undefined,
): Narrowing | NarrowingProblem {
  if (claim === undefined) return { members: [], otherwise: policy.absent, isPresent: false };
  if (!isJsonObject(claim)) return problem("the claim that narrows is no object of selectors");
  const entries = Object.entries(claim);
  if (entries.length > limits.tokenSelectors) {
    return problem(`the claim that narrows has more than ${limits.tokenSelectors} selectors`);
  }
  const ranked: { readonly rank: number; readonly member: NarrowingMember }[] = [];
  let permissions = 0;
  for (const [selector, value] of entries) {
    const found = findSelector(policy, selector);
    if (found === undefined) return problem(`the selector ${quote(selector)} fits no pattern of the policy`);
    const keeps = readKeeps(value);
    if (keeps === undefined) {
      return problem(
        `the selector ${quote(selector)} has a value that is not true, false or a list of texts`,
      );
    }
    if (typeof keeps !== "boolean") permissions += keeps.length;
    if (permissions > limits.tokenPermissions) {
      return problem(`the claim that narrows lists more than ${limits.tokenPermissions} permissions`);
    }
    const { rank, attribute, selected } = found;
    ranked.push({ rank, member: { selector, attribute, selected, keeps } });
  }
  const members = ranked.sort((a, b) => b.rank - a.rank).map(({ member }) => member);
  return { members, otherwise: policy.unmatched, isPresent: true };
}

/** The most specific pattern that a selector fits. */
function findSelector({ selectors }: NarrowingPolicy, selector: string) {
  for (let rank = selectors.length - 1; rank >= 0; rank--) {
    const { pattern, attribute } = selectors[rank]!;
    const selected = matchPattern(pattern, selector);
    if (selected !== undefined) return { rank, attribute, selected };
  }
  return undefined;
}

function readKeeps(value: JsonValue): boolean | readonly string[] | undefined {
  if (typeof value === "boolean") return value;
  return Array.isArray(value) && value.every((entry) => typeof entry === "string") ? value : undefined;
}

function problem(text: string): NarrowingProblem {
  return { problem: text };
}
