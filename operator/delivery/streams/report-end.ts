import type { Logger } from "pino";
import { SidegateError } from "../../../engine/errors/sidegate-error.ts";
import type { RefusalLog } from "../reception/refusal-log.ts";
import type { SidecarName } from "./name-sidecar.ts";

/** Whose stream it was, as far as it is known. */
export interface EndedStream {
  readonly peer: string;
  readonly user: string | undefined;
  readonly name: SidecarName | undefined;
}

/** Ends that come of themselves and that nobody has to look into. */
const ORDINARY: ReadonlySet<string> = new Set(["SG2105", "SG2157", "SG2159"]);

/** Writes down why a stream was ended: of one sidecar the same only once in a while, unless it is ordinary. */
export function reportEnd(
  { peer, user, name }: EndedStream,
  error: unknown,
  logger: Logger,
  refusals: RefusalLog,
): void {
  const message = "Ended a sidecar's stream";
  if (error instanceof SidegateError && ORDINARY.has(error.code)) {
    logger.info({ code: error.code, reason: error.message }, message);
    return;
  }
  const who = name?.id ?? user ?? peer.replace(/:\d+$/, "");
  refusals.report(who, error, { peer, user, sidecar: name?.sidecar }, message);
}
