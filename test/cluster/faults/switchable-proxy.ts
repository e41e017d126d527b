import { once } from "node:events";
import { type AddressInfo, createConnection, createServer, type Server, type Socket } from "node:net";

/**
 * A TCP proxy whose network a test breaks and mends.
 *
 *   open     passes everything on
 *   frozen   keeps connections and takes new ones, and passes nothing on, as when packets are dropped
 *   cut      has no connections and closes new ones at once
 */
export class SwitchableProxy {
  readonly #server: Server;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  #state: "open" | "frozen" | "cut" = "open";

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(host: string, port: number): Promise<SwitchableProxy> {
    const server = createServer((near) => {
      if (proxy.#state === "cut") near.destroy();
      else proxy.#pass(near, createConnection({ host, port }));
    });
    const proxy = new SwitchableProxy(server);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Lets everything through, what was held back included. */
  open(): void {
    this.#state = "open";
    for (const pair of this.#pairs) for (const socket of pair) socket.resume();
  }

  freeze(): void {
    this.#state = "frozen";
    for (const pair of this.#pairs) for (const socket of pair) socket.pause();
  }

  cut(): void {
    this.#state = "cut";
    this.reset();
  }

  /** Breaks the connections that there are. */
  reset(): void {
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, "close");
  }

  #pass(near: Socket, far: Socket): void {
    const pair = [near, far] as const;
    this.#pairs.add(pair);
    const end = () => {
      this.#pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on("data", (data) => {
        if (!to.destroyed) to.write(data);
      });
      from.on("error", end);
      from.on("close", end);
      if (this.#state === "frozen") from.pause();
    }
  }
}
