import {
  ApiError,
  badRequest,
  failure,
  invalid,
  type StatusCause,
  tooLargeResourceVersion,
} from "./api-error.ts";
import { invalidRevision } from "./list.ts";
import { type ApiRequest, flag } from "./request.ts";
import { type Selector, selectorOf } from "./selectors.ts";
import { cause } from "./validate-metadata.ts";

/** What a client asks of a watch. */
export interface WatchOptions {
  /** Undefined: the watch begins with the present state as ADDED events. */
  readonly since: number | undefined;
  readonly bookmarks: boolean;
  /** Whether a bookmark ends the present state. */
  readonly marksInitialEvents: boolean;
  /** Undefined: as long as the server likes. */
  readonly timeoutSeconds: number | undefined;
  readonly select: Selector | undefined;
}

/** Reads the query of a watch. Throws 400, 422, and 500 for a resourceVersion that is no number, as the real one does. */
export function watchOptionsOf(request: ApiRequest, current: number): WatchOptions {
  const { query } = request;
  checkMatch(query);
  const version = query.get("resourceVersion") ?? "";
  if (!/^\d*$/.test(version)) throw new ApiError(failure(500, "", invalidRevision(version)));
  const marksInitialEvents = flag(query, "sendInitialEvents");
  if (marksInitialEvents && Number(version) > current)
    throw tooLargeResourceVersion(Number(version), current);
  const timeout = timeoutOf(query);
  return {
    since: query.has("sendInitialEvents")
      ? marksInitialEvents
        ? undefined
        : Number(version || current)
      : sinceOf(version),
    bookmarks: flag(query, "allowWatchBookmarks"),
    marksInitialEvents,
    timeoutSeconds: timeout > 0 ? timeout : undefined,
    select: selectorOf(request),
  };
}

function timeoutOf(query: URLSearchParams): number {
  const text = query.get("timeoutSeconds") ?? "";
  if (!/^-?\d*$/.test(text)) throw badRequest(`strconv.ParseInt: parsing "${text}": invalid syntax`);
  return Number(text);
}

/** Without a version, or with "0", a watch begins with the present state. */
function sinceOf(version: string): number | undefined {
  return version === "" || version === "0" ? undefined : Number(version);
}

function checkMatch(query: URLSearchParams): void {
  const match = query.get("resourceVersionMatch") ?? "";
  const initial = query.has("sendInitialEvents");
  const causes: StatusCause[] = [];
  const forbid = (text: string) =>
    causes.push(cause("FieldValueForbidden", "resourceVersionMatch", `Forbidden: ${text}`));
  if (initial && match === "")
    forbid("sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
  if (!initial && match !== "") {
    forbid("resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
  }
  if (match !== "" && match !== "NotOlderThan") {
    const text = `Unsupported value: "${match}": supported values: "NotOlderThan"`;
    causes.push(cause("FieldValueNotSupported", "resourceVersionMatch", text));
  }
  if (causes.length > 0) throw invalid("meta.k8s.io", "ListOptions", "", causes);
}
