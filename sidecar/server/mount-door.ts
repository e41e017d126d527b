import { type Server, type ServerUnaryCall, type sendUnaryData, status } from "@grpc/grpc-js";
import type { Logger } from "pino";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import type { Call, Door } from "../api/call.ts";
import { grpcStatus } from "./grpc-status.ts";

type BufferCall = ServerUnaryCall<Buffer, Buffer>;

/**
 * Mounts a door on a grpc-js server. grpc-js sees bytes only: so bytes that can not be decoded end in a status of ours,
 * and a ready answer is passed on without work.
 *
 * @param failed told of each call without an answer: the error's code, "" for a defect
 */
export function mountDoor(
  server: Server,
  door: Door,
  logger: Logger,
  failed: (code: string) => void = () => {},
): void {
  const handler = (call: BufferCall, respond: sendUnaryData<Buffer>) => {
    const fail = (error: unknown) => {
      if (call.cancelled) return;
      failed(error instanceof SidegateError ? error.code : "");
      if (error instanceof SidegateError) return respond(grpcStatus(error));
      logger.error({ err: error, path: door.path }, "Request failed by a defect");
      respond({ code: status.INTERNAL, details: "Internal error; the log of the sidecar has its cause" });
    };
    try {
      const answer = door.handle(call.request, new GrpcCall(call));
      if (answer instanceof Promise) answer.then((bytes) => respond(null, bytes), fail);
      else respond(null, answer);
    } catch (error) {
      fail(error);
    }
  };
  server.register(door.path, handler, passThrough, passThrough, "unary");
}

/** The codec of a method whose handler takes and gives bytes. */
export function passThrough(bytes: Buffer): Buffer {
  return bytes;
}

class GrpcCall implements Call {
  readonly #call: BufferCall;
  #signal: AbortSignal | undefined;

  constructor(call: BufferCall) {
    this.#call = call;
  }

  get deadline(): number {
    return Number(this.#call.getDeadline());
  }

  get authorization(): string | undefined {
    return this.#call.metadata.get("authorization")[0]?.toString();
  }

  get signal(): AbortSignal {
    this.#signal ??= signalOf(this.#call);
    return this.#signal;
  }
}

function signalOf(call: BufferCall): AbortSignal {
  const gone = new AbortController();
  if (call.cancelled) gone.abort();
  else call.once("cancelled", () => gone.abort());
  return gone.signal;
}
