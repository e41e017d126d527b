import { type AddressInfo, createConnection, createServer, type Socket } from "node:net";

/** A TCP proxy that cuts connections, as bad networks do. */
export interface CuttingProxy {
  readonly address: string;
  /** Connections that it has cut. */
  readonly cuts: number;
  /** Lets everything through from now on. */
  calm(): void;
  close(): Promise<void>;
}

/**
 * Starts one.
 *
 * @param target "HOST:PORT"
 * @param bytesUntilCut how many bytes of the next connection may pass, asked once per connection
 */
export async function startCuttingProxy(target: string, bytesUntilCut: () => number): Promise<CuttingProxy> {
  const [host, port] = target.split(":");
  const sockets = new Set<Socket>();
  let cuts = 0;
  let calm = false;
  const server = createServer((near) => {
    const far = createConnection({ host: host ?? "", port: Number(port) });
    let left = calm ? Infinity : bytesUntilCut();
    const cut = () => {
      near.destroy();
      far.destroy();
    };
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on("data", (data) => {
        left -= data.length;
        if (left > 0) to.write(data);
        else {
          cuts++;
          cut();
        }
      });
      from.on("error", cut);
      from.on("close", () => {
        sockets.delete(from);
        cut();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    get cuts() {
      return cuts;
    },
    calm() {
      calm = true;
    },
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => void server.close(() => resolve()));
    },
  };
}
