import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { listenAt } from "./listen-address.ts";

let directory: string;
const refuse = () => {};

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "sidegate-"));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

describe("listening", () => {
  test("at port 0 takes a free one and says which", async () => {
    const listener = await listenAt("127.0.0.1:0", 1, refuse);
    expect(listener.address).toMatch(/^127\.0\.0\.1:[1-9][0-9]*$/);
    await expect(listenAt(listener.address, 1, refuse)).rejects.toMatchObject({ code: "SG2106" });
    listener.close();
  });

  test("at a socket is for the owner alone and excludes others", async () => {
    const address = `unix:${join(directory, "deep", "delivery.sock")}`;
    const listener = await listenAt(address, 1, refuse);
    expect(listener.address).toBe(address);
    expect((await stat(address.slice(5))).mode & 0o777).toBe(0o600);
    await expect(listenAt(address, 1, refuse)).rejects.toMatchObject({
      code: "SG2106",
      message: expect.stringContaining("another process listens"),
    });
    listener.close();
  });

  test("never replaces a file that is no socket", async () => {
    const path = join(directory, "file");
    await writeFile(path, "precious");
    await expect(listenAt(`unix:${path}`, 1, refuse)).rejects.toMatchObject({ code: "SG2106" });
    expect((await stat(path)).size).toBe(8);
  });

  test.each(["nonsense", "host:port", "127.0.0.1:99999", "[::1:7440", ""])("refuses %j", async (address) => {
    await expect(listenAt(address, 1, refuse)).rejects.toMatchObject({ code: "SG2106" });
  });
});
