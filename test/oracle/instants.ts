import type { JsonObject } from "../../engine/model/json.ts";
import type { Existing } from "./existing.ts";
import { milliseconds } from "./window.ts";

/**
 * The instants after `now` at which something begins or ends, ascending: between two of them every decision stays as it is.
 * Milliseconds since 1970.
 *
 * @param claims of a token that the requests bear
 */
export function instantsAfter(world: Existing, now: number, claims: JsonObject = {}): number[] {
  const written = [
    ...world.bindings.flatMap(({ spec }) => [spec.notBefore, spec.expiresAt]),
    ...world.memberships.map(({ spec }) => spec.expiresAt),
  ].filter((instant) => instant !== undefined);
  const claimed = ["exp", "nbf"].map((name) => claims[name]).filter((value) => typeof value === "number");
  const all = [...written.map(milliseconds), ...claimed.map((seconds) => Math.ceil(seconds * 1000))];
  return [...new Set(all)].filter((instant) => instant > now).sort((a, b) => a - b);
}
