import { ServerReflectionRequest, ServerReflectionResponse } from "./generated/reflection.js";
import { method } from "./method.ts";

const streams = { request: true, response: true };

/** The method of grpc.reflection.v1.ServerReflection, and the same under the name that older tools know. */
export const reflectionService = {
  v1: method(
    "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    ServerReflectionRequest,
    ServerReflectionResponse,
    streams,
  ),
  v1alpha: method(
    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
    ServerReflectionRequest,
    ServerReflectionResponse,
    streams,
  ),
} as const;
