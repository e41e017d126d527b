/**
 * How long an answer may be used by its Cache-Control (RFC 9111, 5.2.2.1), in milliseconds.
 *
 * @returns undefined if it does not say
 */
export function readMaxAge(header: string | string[] | undefined): number | undefined {
  const text = Array.isArray(header) ? header.join(",") : (header ?? "");
  const seconds = /(?:^|,)\s*max-age="?(\d{1,9})"?\s*(?:,|$)/i.exec(text)?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}
