import {
  type Server,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
  status,
} from "@grpc/grpc-js";
import {
  type HealthCheckRequest,
  type HealthCheckResponse,
  ServingStatus,
} from "../../proto/generated/health.js";
import { healthService } from "../../proto/health-service.ts";
import type { HealthBoard } from "./health-board.ts";

/** Mounts grpc.health.v1.Health on a server. */
export function mountHealth(server: Server, board: HealthBoard): void {
  const check = (
    call: ServerUnaryCall<HealthCheckRequest, HealthCheckResponse>,
    respond: sendUnaryData<HealthCheckResponse>,
  ) => {
    const found = board.get(call.request.service);
    if (found !== undefined) return respond(null, { status: found });
    respond({ code: status.NOT_FOUND, details: "There is no such service" });
  };

  const watch = (call: ServerWritableStream<HealthCheckRequest, HealthCheckResponse>) => {
    const { service } = call.request;
    call.write({ status: board.get(service) ?? ServingStatus.SERVICE_UNKNOWN });
    const end = board.watch(service, (changed) => call.write({ status: changed }));
    call.once("cancelled", end);
  };

  const { check: checkMethod, watch: watchMethod } = healthService;
  server.register(
    checkMethod.path,
    check,
    checkMethod.responseSerialize,
    checkMethod.requestDeserialize,
    "unary",
  );
  server.register(
    watchMethod.path,
    watch,
    watchMethod.responseSerialize,
    watchMethod.requestDeserialize,
    "serverStream",
  );
}
