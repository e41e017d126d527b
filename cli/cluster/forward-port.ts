import { createServer, type Socket } from "node:net";
import { PassThrough } from "node:stream";
import { type KubeConfig, PortForward } from "@kubernetes/client-node";
import { messageOf } from "../../engine/errors/message-of.ts";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";

export interface PodPort {
  readonly namespace: string;
  readonly pod: string;
  readonly port: number;
}

/** A port of a pod, reachable on this machine. */
export interface ForwardedPort {
  /** "127.0.0.1:PORT" */
  readonly address: string;
  /** What kept connections from reaching the pod, as the API server or the node says it; undefined: nothing so far. */
  readonly problem: SidegateError | undefined;
  close(): void;
}

/**
 * Forwards a port of this machine's loopback to a port of a pod through the API server, as `kubectl port-forward` does. What
 * listens in the pod may listen on its loopback only. A connection that can not be made is closed, and `problem` says why.
 */
export async function forwardPort(kubeconfig: KubeConfig, target: PodPort): Promise<ForwardedPort> {
  const forward = new PortForward(kubeconfig);
  const sockets = new Set<Socket>();
  let problem: SidegateError | undefined;
  const fail = (socket: Socket, detail: string) => {
    const { namespace, pod, port } = target;
    problem ??= new SidegateError("SG5030", `port ${port} of pod ${namespace}/${pod}: ${detail}`);
    socket.destroy();
  };

  const connect = async (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    // The peer may go at any time; that is its business.
    socket.on("error", () => {});
    const errors = new PassThrough();
    errors.on("data", (text: Buffer) => fail(socket, text.toString().trim()));
    try {
      const { namespace, pod, port } = target;
      const channel = await forward.portForward(namespace, pod, [port], socket, errors, socket);
      if (typeof channel === "function") throw new Error("the connection was not made");
      channel.onclose = () => void socket.end();
      channel.onerror = ({ message }: { readonly message: string }) => fail(socket, message);
      socket.on("close", () => channel.close());
    } catch (error) {
      fail(socket, describe(error));
    }
  };

  const server = createServer({ noDelay: true }, (socket) => void connect(socket));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as { readonly port: number };
  return {
    address: `127.0.0.1:${port}`,
    get problem() {
      return problem;
    },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** What a WebSocket that was refused says: an event with an error, or an error. */
function describe(error: unknown): string {
  const inner = (error as { readonly error?: unknown } | undefined)?.error;
  return messageOf(inner ?? error);
}
