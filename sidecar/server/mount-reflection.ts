import type { Server, ServerDuplexStream } from "@grpc/grpc-js";
import type { ServerReflectionRequest, ServerReflectionResponse } from "../../proto/generated/reflection.js";
import { reflectionService } from "../../proto/reflection-service.ts";
import { reflect } from "./reflect.ts";

type Stream = ServerDuplexStream<ServerReflectionRequest, ServerReflectionResponse>;

/**
 * Mounts server reflection, v1 and, for older tools, v1alpha.
 *
 * @param services what to list
 */
export function mountReflection(server: Server, services: readonly string[]): void {
  const handler = (stream: Stream) => {
    stream.on("data", (request: ServerReflectionRequest) => {
      // One who asks and does not listen is not read on.
      if (stream.write(reflect(request, services) as ServerReflectionResponse)) return;
      stream.pause();
      stream.once("drain", () => stream.resume());
    });
    stream.once("end", () => stream.end());
  };
  for (const { path, responseSerialize, requestDeserialize } of Object.values(reflectionService)) {
    server.register(path, handler, responseSerialize, requestDeserialize, "bidi");
  }
}
