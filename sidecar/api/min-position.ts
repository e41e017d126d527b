import { limits } from "../../engine/model/limits.ts";
import { kinds } from "../../engine/model/objects.generated.ts";
import { compareResourceVersions, isResourceVersion, type Position } from "../../engine/model/position.ts";
import { quote } from "../../engine/model/quote.ts";
import { RequestError } from "./request-error.ts";

const known: ReadonlySet<string> = new Set(kinds);

/** Reads consistency tokens, "Kind:resourceVersion"; of several of one kind the highest counts. Throws a RequestError. */
export function readMinPosition(tokens: readonly string[]): Position {
  const field = "min_position";
  if (tokens.length > limits.minPosition) {
    throw new RequestError(
      field,
      `${field} has more than ${limits.minPosition} entries; send the newest per kind`,
    );
  }
  const minimum: { [kind: string]: string } = {};
  for (const token of tokens) {
    const colon = token.indexOf(":");
    const [kind, version] = [token.slice(0, colon), token.slice(colon + 1)];
    if (!known.has(kind) || !isResourceVersion(version)) {
      throw new RequestError(
        field,
        `${field} has the entry ${quote(token)}; write Kind:resourceVersion, for example AccessRoleBinding:4711`,
      );
    }
    const before = minimum[kind];
    if (before === undefined || compareResourceVersions(before, version) < 0) minimum[kind] = version;
  }
  return minimum;
}
