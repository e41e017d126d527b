import protobuf from "protobufjs/minimal.js";
import { limits } from "../../../engine/model/limits.ts";
import { CheckRequest } from "../../../proto/generated/decision.js";
import { RequestError } from "../request-error.ts";
import { unreadable } from "../unreadable.ts";
import { scanCheck } from "./scan-check.ts";

/** Decodes a CheckRequest within the limits. Throws a RequestError. */
export function readCheck(bytes: Uint8Array): CheckRequest {
  try {
    scanCheck(bytes);
    return CheckRequest.decode(bytes);
  } catch (error) {
    throw unreadable("CheckRequest", error);
  }
}

/** The tag of BatchCheckRequest.checks. */
const CHECKS = 0x0a;

/**
 * Takes a BatchCheckRequest apart into its encoded checks, which are decoded one by one when their turn comes: so one
 * that is malformed harms no other, and none of them takes long. Throws a RequestError.
 */
export function readBatch(bytes: Uint8Array): Uint8Array[] {
  const checks: Uint8Array[] = [];
  try {
    const reader = protobuf.Reader.create(bytes);
    for (let fields = 0; reader.pos < reader.len; fields++) {
      if (fields > limits.fields) throw tooMany();
      const tag = reader.uint32();
      if (tag !== CHECKS) reader.skipType(tag & 7);
      else if (checks.push(reader.bytes()) > limits.batch) throw tooMany();
    }
  } catch (error) {
    throw unreadable("BatchCheckRequest", error);
  }
  return checks;
}

function tooMany(): RequestError {
  return new RequestError("checks", `checks has more than ${limits.batch} entries; send several batches`);
}
