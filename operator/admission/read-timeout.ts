const PART = /([0-9]+(?:\.[0-9]+)?)(ms|s|m|h)/g;
const WHOLE = /^(?:[0-9]+(?:\.[0-9]+)?(?:ms|s|m|h))+$/;
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/**
 * The time that the API server waits for an answer, in milliseconds: the `timeout` of its query, a duration as Go writes it
 * ("10s", "1m0s"). Undefined where it says nothing that can be read.
 */
export function readTimeout(query: string | null): number | undefined {
  if (query === null || !WHOLE.test(query)) return undefined;
  let sum = 0;
  for (const [, number, unit] of query.matchAll(PART)) sum += Number(number) * (UNITS[unit as string] ?? 0);
  return sum > 0 ? sum : undefined;
}
