import type { TokenPolicyNarrowing } from "../../engine/model/objects.generated.ts";

/** A selector as a claim writes it, for example `integration:*` or `integration:salesforce`. */
export interface Selector {
  /** Its place in the list of selectors: "least specific first". */
  readonly place: number;
  /** The attribute of the resource that it is matched against. */
  readonly attribute: string;
  /** The value that stands for the brackets of the pattern; undefined: any. */
  readonly value: string | undefined;
}

/**
 * "A member of the claim belongs to the most specific pattern that it fits." A pattern with brackets is fit by what has some
 * text, other than `*`, in their place; one without, by itself alone.
 *
 * @returns undefined for a selector that fits no pattern
 */
export function readSelector({ selectors }: TokenPolicyNarrowing, key: string): Selector | undefined {
  return selectors
    .flatMap(({ pattern, attribute }, place): Selector[] => {
      const [open, close] = [pattern.indexOf("["), pattern.indexOf("]")];
      if (open === -1) return key === pattern ? [{ place, attribute, value: undefined }] : [];
      const [before, after] = [pattern.slice(0, open), pattern.slice(close + 1)];
      const value = key.slice(before.length, key.length - after.length);
      const fits = key === before + value + after && value !== "" && value !== "*";
      return fits ? [{ place, attribute, value }] : [];
    })
    .at(-1);
}
