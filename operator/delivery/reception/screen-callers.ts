import { ServerInterceptingCall, type ServerInterceptor } from "@grpc/grpc-js";
import type { Reception } from "./reception.ts";

/**
 * Asks who a caller is before anything of a call is read. Handlers of calls with a single request would come too late: grpc-js
 * reads it, up to the largest message that there may be, before it calls them.
 */
export function screenCallers(reception: Pick<Reception, "screen">): ServerInterceptor {
  return (_method, call) =>
    new ServerInterceptingCall(call, {
      start(next) {
        let isOver = false;
        next({
          onReceiveMetadata(metadata, goOn) {
            void reception.screen(call.getPeer(), metadata).then((refusal) => {
              if (isOver) return;
              if (refusal === undefined) goOn(metadata);
              else call.sendStatus(refusal);
            });
          },
          onCancel() {
            isOver = true;
          },
        });
      },
    });
}
