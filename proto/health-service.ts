import { HealthCheckRequest, HealthCheckResponse } from "./generated/health.js";
import { method } from "./method.ts";

/** The methods of grpc.health.v1.Health. */
export const healthService = {
  check: method("/grpc.health.v1.Health/Check", HealthCheckRequest, HealthCheckResponse),
  watch: method("/grpc.health.v1.Health/Watch", HealthCheckRequest, HealthCheckResponse, { response: true }),
} as const;
