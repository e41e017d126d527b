import {
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
  status,
} from "@grpc/grpc-js";
import type { Reception } from "./reception.ts";

/** What a call is ended with. */
type Answer = Parameters<ServerInterceptingCallInterface["sendStatus"]>[0];

/** What grpc-js answers to bytes that it can not read: no message, one too large, or packed in a way that it does not know. */
const UNREADABLE: ReadonlySet<status> = new Set([
  status.INTERNAL,
  status.RESOURCE_EXHAUSTED,
  status.UNIMPLEMENTED,
]);

/**
 * Asks who a caller is before anything of a call is read. Handlers of calls with a single request would come too late: grpc-js
 * reads it, up to the largest message that there may be, before it calls them.
 *
 * It also writes down who sends what can not be read, which grpc-js answers without telling anybody: its answers do not come
 * through interceptors, but by the method of the call that these stand before.
 */
export function screenCallers(reception: Pick<Reception, "screen" | "unreadable">): ServerInterceptor {
  return (_method, call) => {
    let isOurs = false;
    const send = call.sendStatus.bind(call);
    const sendOurs = (answer: Answer) => {
      isOurs = true;
      send(answer);
    };
    let onUnreadable = (_details: string) => {};
    call.sendStatus = (answer) => {
      if (!isOurs && UNREADABLE.has(answer.code ?? status.OK)) onUnreadable(answer.details ?? "");
      send(answer);
    };
    return new ServerInterceptingCall(call, {
      start(next) {
        let isOver = false;
        next({
          onReceiveMetadata(metadata, goOn) {
            const peer = call.getPeer();
            onUnreadable = (details) => void reception.unreadable(peer, metadata, details);
            void reception.screen(peer, metadata).then((refusal) => {
              if (isOver) return;
              if (refusal === undefined) goOn(metadata);
              else sendOurs(refusal);
            });
          },
          onCancel() {
            isOver = true;
          },
        });
      },
      sendStatus(answer, next) {
        isOurs = true;
        next(answer);
      },
    });
  };
}
