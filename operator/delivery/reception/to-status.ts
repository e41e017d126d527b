import { status } from "@grpc/grpc-js";
import { grpcCode } from "../../../engine/errors/grpc-code.ts";
import { SidegateError } from "../../../engine/errors/sidegate-error.ts";

/**
 * The gRPC status that a stream ends with. Registered errors come with their code in front, which sidecars read; the
 * text of anything else is a defect's and stays inside.
 */
export function toStatus(error: unknown): { code: status; details: string } {
  if (!(error instanceof SidegateError)) return { code: status.INTERNAL, details: "Internal error" };
  return { code: grpcCode(error), details: `${error.code}: ${error.message}` };
}
