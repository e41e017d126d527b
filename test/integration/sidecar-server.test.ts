import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SidegateClient, UnavailableError } from "../../client/index.ts";
import type { SidegateError } from "../../engine/errors/sidegate-error.ts";
import { type Address, formatAddress } from "../../host/address.ts";
import { allowed, eventually, type Fixture, policyOf, shop, startFixture, use } from "./sidecar-fixture.ts";

let fixture: Fixture;
let folder: string;

beforeEach(async () => {
  fixture = await startFixture();
  use(fixture, policyOf(shop));
  folder = mkdtempSync(join(tmpdir(), "sidegate-"));
});

afterEach(async () => {
  await fixture.stop();
  rmSync(folder, { recursive: true });
});

const at = (path: string): Address => ({ path, mode: 0o600 });
const refusal = (address: Address) =>
  fixture.server.listen(address).then(
    () => undefined,
    (error: SidegateError) => error,
  );

async function ask(address: Address): Promise<boolean> {
  const client = new SidegateClient({ address: formatAddress(address) });
  const { allowed: answer } = await client.check(allowed);
  client.close();
  return answer;
}

test("a socket gets its folder and its mode, and goes with the server", async () => {
  const path = join(folder, "run/sidegate/sidegate.sock");
  await fixture.server.listen(at(path));
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(await ask(at(path))).toBe(true);
  await fixture.server.stop(0);
  expect(existsSync(path)).toBe(false);
});

test("a socket that a killed process left behind is taken over", async () => {
  const path = join(folder, "sidegate.sock");
  const script = `require("net").createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, "SIGKILL"))`;
  await once(spawn(process.execPath, ["-e", script]), "exit");
  expect(existsSync(path)).toBe(true);
  await fixture.server.listen(at(path));
  expect(await ask(at(path))).toBe(true);
});

test("a socket that another process listens on is left alone", async () => {
  const path = join(folder, "sidegate.sock");
  const other = createServer().listen(path);
  await once(other, "listening");
  const error = await refusal(at(path));
  expect(error).toMatchObject({ code: "SG3102", message: `another process listens on ${path}` });
  expect(existsSync(path)).toBe(true);
  other.close();
});

test("a file that is no socket is left alone", async () => {
  const path = join(folder, "notes.txt");
  writeFileSync(path, "mine");
  expect(await refusal(at(path))).toMatchObject({ code: "SG3102" });
  expect(existsSync(path)).toBe(true);
  mkdirSync(join(folder, "folder"));
  expect(await refusal(at(join(folder, "folder")))).toMatchObject({ code: "SG3102" });
});

test("a folder that can not be made is told as what it is", async () => {
  writeFileSync(join(folder, "file"), "");
  expect(await refusal(at(join(folder, "file/sidegate.sock")))).toMatchObject({
    code: "SG3102",
    message: expect.stringMatching(/the system refuses \(E[A-Z]+\) to listen on unix:/),
  });
});

test("a port in use and an address of another machine are refused in so many words", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as { port: number };
  expect(await refusal({ host: "127.0.0.1", port })).toMatchObject({
    code: "SG3102",
    message: `another process listens on 127.0.0.1:${port}`,
  });
  other.close();
  expect(await refusal({ host: "192.0.2.1", port: 0 })).toMatchObject({
    message: "the system refuses (EADDRNOTAVAIL) to listen on 192.0.2.1:0",
  });
});

test("a stop takes no new calls and lets those under way end", async () => {
  const client = new SidegateClient({ address: fixture.addresses[0] });
  const answer = client.check({ ...allowed, minPosition: ["Organization:7"] });
  await eventually(() => fixture.snapshots.waiting).toBe(1);
  let done = false;
  const stopped = fixture.server.stop(60_000).then(() => {
    done = true;
  });
  const late = new SidegateClient({ address: fixture.addresses[0] });
  await expect(late.check(allowed)).rejects.toThrow(UnavailableError);
  expect(done).toBe(false);
  use(fixture, policyOf(shop, { Organization: "7" }));
  expect((await answer).allowed).toBe(true);
  await stopped;
  for (const each of [client, late]) each.close();
});

test("a stop cuts what does not end in time", async () => {
  const client = new SidegateClient({ address: fixture.addresses[0] });
  const answer = client.check({ ...allowed, minPosition: ["Organization:7"] }).catch((error: Error) => error);
  await eventually(() => fixture.snapshots.waiting).toBe(1);
  await fixture.server.stop(0);
  expect(await answer).toBeInstanceOf(Error);
  await eventually(() => fixture.snapshots.waiting).toBe(0);
  client.close();
});
