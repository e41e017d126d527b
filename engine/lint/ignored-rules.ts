import type { SidegateObject } from "../model/objects.generated.ts";

/** Names rules, with commas between them, whose findings about the object are not wanted. */
export const LINT_IGNORE = "sidegate.dev/lint-ignore";

/** The rules that an object asks not to be told of. */
export function ignoredRules({ metadata }: SidegateObject): ReadonlySet<string> {
  const text = metadata.annotations?.[LINT_IGNORE];
  if (text === undefined) return nothing;
  return new Set(
    text
      .split(",")
      .map((name) => name.trim())
      .filter((name) => name !== ""),
  );
}

const nothing: ReadonlySet<string> = new Set();
