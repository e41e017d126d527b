import { KubeError } from "./kube-error.ts";

/** A server that asks for more patience than this, in milliseconds, is asked again all the same. */
const MAX_RETRY_AFTER_MS = 300_000;

/**
 * Reads a refusal of the API server: its Status object where there is one, else whatever a proxy on the way said.
 *
 * @param status the HTTP status, or 0 for the object of a watch's ERROR event, which brings its own code
 */
export function readStatus(
  status: number,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  body: string,
): KubeError {
  const told = parseObject(body);
  const code = status !== 0 ? status : typeof told.code === "number" ? told.code : 0;
  const reason = typeof told.reason === "string" && told.reason !== "" ? told.reason : `HTTP${code}`;
  const message = typeof told.message === "string" ? told.message : body.slice(0, 200);
  return new KubeError(code, reason, message, retryAfter(headers["retry-after"], told));
}

function retryAfter(
  header: string | string[] | undefined,
  told: Record<string, unknown>,
): number | undefined {
  const details = told.details as { retryAfterSeconds?: unknown } | undefined;
  const first = Array.isArray(header) ? header[0] : header;
  // The API server sends whole seconds; the other form of the header, a date, would need its clock.
  const seconds = first !== undefined && /^\d+$/.test(first) ? Number(first) : details?.retryAfterSeconds;
  if (typeof seconds !== "number" || !(seconds > 0)) return undefined;
  return Math.min(seconds * 1000, MAX_RETRY_AFTER_MS);
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
