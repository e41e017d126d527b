import protobuf from "protobufjs/minimal.js";
import { grpcCode } from "../../../engine/errors/grpc-code.ts";
import type { SidegateError } from "../../../engine/errors/sidegate-error.ts";
import { CheckError } from "../../../proto/generated/decision.js";
import { publicMessage } from "../public-message.ts";

/** Tags of BatchCheckResponse.results, BatchCheckResult.response and BatchCheckResult.error. */
const [RESULTS, RESPONSE, ERROR] = [0x0a, 0x0a, 0x12];

const framed = new WeakMap<Buffer, Buffer>();

/**
 * An encoded CheckResponse as an entry of an encoded BatchCheckResponse. Responses that are encoded once are framed
 * once.
 */
export function responseEntry(response: Buffer): Buffer {
  let entry = framed.get(response);
  if (entry === undefined) {
    entry = frame(RESPONSE, response);
    framed.set(response, entry);
  }
  return entry;
}

/** An error as an entry of an encoded BatchCheckResponse. */
export function errorEntry(error: SidegateError): Buffer {
  const { reason } = error;
  return frame(
    ERROR,
    CheckError.encode({ status: grpcCode(error), reason, message: publicMessage(error) }).finish(),
  );
}

function frame(tag: number, payload: Buffer): Buffer {
  const result = protobuf.Writer.create().uint32(RESULTS).fork().uint32(tag).bytes(payload).ldelim();
  return result.finish() as Buffer;
}
