import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { pauseMs } from "./pause.ts";

/** A port on 127.0.0.1 that nobody listens at. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Resolves once somebody listens at a port on 127.0.0.1. @param check throws when nobody will any more */
export async function untilListening(port: number, check: () => void): Promise<void> {
  while (!(await listens(port))) {
    check();
    await pauseMs(5);
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}
