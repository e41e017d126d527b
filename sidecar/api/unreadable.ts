import { messageOf } from "../../engine/errors/message-of.ts";
import { limits } from "../../engine/model/limits.ts";
import { RequestError } from "./request-error.ts";

/** What the decoder says of bytes that nest deeper than it goes. */
const TOO_DEEP = "max depth exceeded";

/** The error for bytes that are not the message that is wanted. @param message its name, for example "CheckRequest" */
export function unreadable(message: string, cause: unknown): RequestError {
  if (cause instanceof RequestError) return cause;
  const said = messageOf(cause);
  const why =
    said === TOO_DEEP
      ? `it is nested too deeply; attributes and context may be nested ${limits.attributeDepth} deep`
      : said;
  return new RequestError("request", `request is not an encoded sidegate.v1.${message} (${why})`);
}
