import type { ServerUnaryCall, sendUnaryData } from "@grpc/grpc-js";
import type { Logger } from "pino";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import { deliveryLimits } from "../../engine/model/delivery-limits.ts";
import type { ReviewCallerRequest, ReviewCallerResponse } from "../../proto/generated/callers.js";
import type { Input } from "../../proto/message-type.ts";
import type { Reception } from "../delivery/reception/reception.ts";
import { toStatus } from "../delivery/reception/to-status.ts";
import type { Gate } from "../identity/gate.ts";
import { reviewCaller } from "./review-caller.ts";

export interface ReviewHandlerOptions {
  readonly reception: Pick<Reception, "admit">;
  /** Absent: delivery is not authenticated, so nobody can say who asks. */
  readonly sidecars: Gate | undefined;
  /** Absent: no sidecar serves a whole node here. */
  readonly callers: Gate | undefined;
  readonly logger: Logger;
}

type ReviewCall = ServerUnaryCall<ReviewCallerRequest, ReviewCallerResponse>;
type Respond = sendUnaryData<Input<ReviewCallerResponse>>;

/** Characters of a token. Those of Kubernetes have about 1,200. */
const TOKEN_LENGTH = 8_192;

/** Answers sidecars that serve a whole node. */
export function reviewCallersHandler(
  options: ReviewHandlerOptions,
): (call: ReviewCall, respond: Respond) => void {
  const { reception, logger } = options;
  return async (call, respond) => {
    const admitted = await reception.admit(call);
    if (admitted === undefined) return;
    try {
      respond(null, await answer(options, admitted.identity, call.request));
    } catch (error) {
      if (!(error instanceof SidegateError)) logger.error({ err: error }, "Could not review a caller");
      respond(toStatus(error));
    } finally {
      admitted.release();
    }
  };
}

async function answer(
  { sidecars, callers }: ReviewHandlerOptions,
  sidecar: Awaited<ReturnType<Gate["identify"]>> | undefined,
  request: ReviewCallerRequest,
): Promise<Input<ReviewCallerResponse>> {
  if (sidecar === undefined || sidecars === undefined || callers === undefined)
    throw new SidegateError(
      "SG2156",
      "this operator serves no identities, so no sidecar can serve a whole node",
    );
  const { token, domain } = request;
  if (token.length > TOKEN_LENGTH || domain.length > deliveryLimits.name)
    throw new SidegateError("SG2006", "a token or a domain is too long");
  return reviewCaller(sidecar, request, sidecars, callers);
}
