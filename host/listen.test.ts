import { once } from "node:events";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { silent } from "../test/support/silent-logger.ts";
import type { Address } from "./address.ts";
import { listen } from "./listen.ts";

let directory: string;
const at = (address: Address) => listen(address, { accept: () => {}, logger: silent });

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "sidegate-"));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

describe("listening", () => {
  test("at port 0 takes a free one and says which", async () => {
    const listener = await at({ host: "127.0.0.1", port: 0 });
    expect(listener.address).toEqual({ host: "127.0.0.1", port: expect.any(Number) });
    expect(listener.address).not.toEqual({ host: "127.0.0.1", port: 0 });
    await expect(at(listener.address)).rejects.toMatchObject({ code: "SG3102" });
    listener.close();
  });

  test("at a socket gives it its mode and excludes others", async () => {
    const address = { path: join(directory, "deep", "delivery.sock"), mode: 0o600 };
    const listener = await at(address);
    expect(listener.address).toEqual(address);
    expect((await stat(address.path)).mode & 0o777).toBe(0o600);
    await expect(at(address)).rejects.toMatchObject({
      code: "SG3102",
      message: expect.stringContaining("another process listens"),
    });
    listener.close();
  });

  test("never replaces a file that is no socket", async () => {
    const path = join(directory, "file");
    await writeFile(path, "precious");
    await expect(at({ path, mode: 0o600 })).rejects.toMatchObject({ code: "SG3102" });
    expect((await stat(path)).size).toBe(8);
  });

  test("never replaces the socket of a process that is too busy to take a connection", async () => {
    const path = join(directory, "busy.sock");
    const busy = createServer((socket) => socket.destroy()).listen({ path, backlog: 1 });
    await once(busy, "listening");
    // All in one turn, so that the queue of the one who listens is full.
    const waiting = Array.from({ length: 8 }, () => connect(path).on("error", () => {}));
    await expect(at({ path, mode: 0o600 })).rejects.toMatchObject({
      code: "SG3102",
      message: `another process listens on ${path}`,
    });
    for (const socket of waiting) socket.destroy();
    busy.close();
  });
});
