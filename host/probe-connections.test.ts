import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ManualClock } from "../test/support/manual-clock.ts";
import { ProbeConnections } from "./probe-connections.ts";

const eventually = { timeout: 20_000, interval: 5 };
let clock: ManualClock;
let connections: ProbeConnections;
let server: Server;
let accepted: Socket[];
let clients: Socket[];

beforeEach(async () => {
  clock = new ManualClock();
  connections = new ProbeConnections(clock);
  accepted = [];
  clients = [];
  server = createServer((socket) => {
    accepted.push(socket.resume());
    connections.add(socket);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterEach(async () => {
  connections.close();
  for (const client of clients) client.destroy();
  server.close();
  await once(server, "close");
  expect(clock.waiting).toBe(0);
});

/** A connection that was accepted. */
async function open(): Promise<Socket> {
  const count = accepted.length;
  const client = connect((server.address() as AddressInfo).port, "127.0.0.1").resume();
  client.on("error", () => {});
  clients.push(client);
  await expect.poll(() => accepted.length, eventually).toBe(count + 1);
  return client;
}

const closed = (client: Socket) => expect.poll(() => client.closed, eventually).toBe(true);

test("whoever does not come to an end is cut, however busy", async () => {
  const client = await open();
  for (let second = 0; second < 9; second++) {
    await clock.advance(1_000);
    client.write("x");
  }
  expect(accepted[0]?.destroyed).toBe(false);
  await clock.advance(1_000);
  await closed(client);
});

test("one that is kept lives on", async () => {
  await open();
  connections.keep(accepted[0] as Socket);
  await clock.advance(100_000);
  expect(accepted[0]?.destroyed).toBe(false);
});

test("a new one takes the place of the oldest", async () => {
  for (let count = 0; count < 64; count++) await open();
  connections.keep(accepted[0] as Socket);
  expect(accepted.some(({ destroyed }) => destroyed)).toBe(false);
  await open();
  await closed(clients[0] as Socket);
  expect(accepted.filter(({ destroyed }) => destroyed)).toHaveLength(1);
});

test("one that ended makes room", async () => {
  for (let count = 0; count < 64; count++) await open();
  clients[63]?.destroy();
  await expect.poll(() => accepted[63]?.closed, eventually).toBe(true);
  await open();
  expect(accepted[0]?.destroyed).toBe(false);
});
