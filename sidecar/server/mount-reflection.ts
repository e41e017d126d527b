import { EventEmitter } from "node:events";
import { join } from "node:path";
import type { MethodDefinition, Server, ServerDuplexStream } from "@grpc/grpc-js";
import type { Logger } from "pino";
import { passThrough } from "./mount-door.ts";

const VERSIONS = ["grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection"];
const PROTO_FOLDER = join(import.meta.dirname, "../../proto");
const PROTO_FILES = ["sidegate/v1/decision.proto", "grpc/health/v1/health.proto"];

type BufferStream = ServerDuplexStream<Buffer, Buffer>;

/** A method as @grpc/reflection registers it. */
interface Implementation {
  readonly method: MethodDefinition<unknown, unknown>;
  readonly handle: (stream: MessageStream) => void;
}

/** What @grpc/reflection uses of a stream. */
class MessageStream extends EventEmitter {
  readonly write: (message: unknown) => void;
  readonly end: () => void;

  constructor(write: (message: unknown) => void, end: () => void) {
    super();
    this.write = write;
    this.end = end;
  }
}

/**
 * Mounts server reflection, v1 and, for older tools, v1alpha. Descriptors and what reads them are loaded at the first
 * question: they take longer than the rest of the start and several megabytes, and most sidecars are never asked.
 */
export function mountReflection(server: Server, log: Logger): void {
  let loading: Promise<Map<string, Implementation>> | undefined;
  for (const version of VERSIONS) {
    const path = `/${version}/ServerReflectionInfo`;
    const handler = (stream: BufferStream) => {
      stream.pause();
      loading ??= load();
      loading.then(
        (implementations) => serve(stream, implementations.get(path) as Implementation),
        (error) => {
          log.error({ err: error }, "Reflection can not be loaded");
          stream.destroy(error);
        },
      );
    };
    server.register(path, handler, passThrough, passThrough, "bidi");
  }
}

/** The implementations by path. */
async function load(): Promise<Map<string, Implementation>> {
  const { load: loadProto } = await import("@grpc/proto-loader");
  const { ReflectionService } = await import("@grpc/reflection");
  const descriptors = await loadProto(PROTO_FILES, { includeDirs: [PROTO_FOLDER], keepCase: true });
  const found = new Map<string, Implementation>();
  new ReflectionService(descriptors).addToServer({
    addService(service, handlers) {
      for (const [name, method] of Object.entries(service)) {
        found.set(method.path, { method, handle: handlers[name] as Implementation["handle"] });
      }
    },
  });
  return found;
}

function serve(stream: BufferStream, { method, handle }: Implementation): void {
  const messages = new MessageStream(
    (message) => stream.write(method.responseSerialize(message)),
    () => stream.end(),
  );
  handle(messages);
  stream.on("data", (bytes: Buffer) => {
    try {
      messages.emit("data", method.requestDeserialize(bytes));
    } catch (error) {
      stream.destroy(error as Error);
    }
  });
  stream.once("end", () => messages.emit("end"));
  stream.resume();
}
