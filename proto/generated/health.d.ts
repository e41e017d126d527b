// Generated from grpc/health/v1/health.proto by proto/generate.ts.

import type { MessageType } from "../message-type.ts";

export interface HealthCheckRequest {
  service: string;
}
export const HealthCheckRequest: MessageType<HealthCheckRequest>;

export interface HealthCheckResponse {
  status: ServingStatus;
}
export const HealthCheckResponse: MessageType<HealthCheckResponse>;

export const ServingStatus: {
  readonly UNKNOWN: 0;
  readonly SERVING: 1;
  readonly NOT_SERVING: 2;
  readonly SERVICE_UNKNOWN: 3;
};
export type ServingStatus = 0 | 1 | 2 | 3;
