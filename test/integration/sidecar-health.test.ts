import { connect } from "node:net";
import { Client, type ClientReadableStream, credentials, type ServiceError, status } from "@grpc/grpc-js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { formatAddress } from "../../host/address.ts";
import { type HealthCheckResponse, ServingStatus } from "../../proto/generated/health.js";
import { healthService } from "../../proto/health-service.ts";
import { HealthBoard } from "../../sidecar/server/health-board.ts";
import { HealthServer } from "../../sidecar/server/health-server.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { silent } from "../support/silent-logger.ts";
import { eventually } from "./sidecar-fixture.ts";

let clock: ManualClock;
let board: HealthBoard;
let server: HealthServer;
let address: string;
let client: Client;

beforeEach(async () => {
  clock = new ManualClock();
  board = new HealthBoard();
  board.set("", ServingStatus.NOT_SERVING);
  board.set("liveness", ServingStatus.SERVING);
  server = new HealthServer({ board, clock, logger: silent });
  address = formatAddress(await server.listen({ host: "127.0.0.1", port: 0 }));
  client = new Client(address, credentials.createInsecure());
});

afterEach(async () => {
  client.close();
  await server.stop();
});

function check(service: string): Promise<ServingStatus | string> {
  const { path, requestSerialize, responseDeserialize } = healthService.check;
  return new Promise((resolve) => {
    client.makeUnaryRequest(path, requestSerialize, responseDeserialize, { service }, (error, response) =>
      resolve(error ? (status[error.code] as string) : (response?.status as ServingStatus)),
    );
  });
}

/** Collects what a watch says. */
function watch(service: string): {
  heard: (ServingStatus | string)[];
  stream: ClientReadableStream<HealthCheckResponse>;
} {
  const { path, requestSerialize, responseDeserialize } = healthService.watch;
  const stream = client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, { service });
  const heard: (ServingStatus | string)[] = [];
  stream.on("data", (response) => heard.push(response.status));
  stream.on("error", (error: ServiceError) => heard.push(status[error.code] as string));
  return { heard, stream };
}

describe("over gRPC", () => {
  test("Check tells the status of each service, and that it has no others", async () => {
    expect(await check("")).toBe(ServingStatus.NOT_SERVING);
    expect(await check("liveness")).toBe(ServingStatus.SERVING);
    expect(await check("nobody")).toBe("NOT_FOUND");
    board.set("", ServingStatus.SERVING);
    expect(await check("")).toBe(ServingStatus.SERVING);
  });

  test("Watch tells the status at once and at each change, to all who watch", async () => {
    const watches = [watch(""), watch("")];
    for (const { heard } of watches) await eventually(() => heard).toEqual([ServingStatus.NOT_SERVING]);
    board.set("", ServingStatus.SERVING);
    board.set("", ServingStatus.SERVING);
    for (const { heard } of watches) {
      await eventually(() => heard).toEqual([ServingStatus.NOT_SERVING, ServingStatus.SERVING]);
    }
    watches[0]?.stream.cancel();
    board.shutDown();
    await eventually(() => watches[1]?.heard.at(-1)).toBe(ServingStatus.NOT_SERVING);
    expect(watches[0]?.heard).not.toHaveLength(4);
  });

  test("Watch of a service that there is not waits for it", async () => {
    const { heard } = watch("later");
    await eventually(() => heard).toEqual([ServingStatus.SERVICE_UNKNOWN]);
    board.set("later", ServingStatus.SERVING);
    await eventually(() => heard).toEqual([ServingStatus.SERVICE_UNKNOWN, ServingStatus.SERVING]);
  });

  test("a stop ends watches", async () => {
    const { heard } = watch("");
    await eventually(() => heard).toHaveLength(1);
    await server.stop();
    await eventually(() => heard).toHaveLength(2);
  });
});

describe("over HTTP on the same port", () => {
  const get = async (path: string, init?: RequestInit) => {
    const response = await fetch(`http://${address}${path}`, init);
    return [response.status, await response.text()];
  };

  test("/startz is answered once all is ready", async () => {
    const answer = get("/startz");
    await eventually(() => clock.waiting > 1).toBe(true);
    board.set("", ServingStatus.SERVING);
    expect(await answer).toEqual([200, "ready\n"]);
    expect(await get("/startz")).toEqual([200, "ready\n"]);
  });

  test("/startz says after some seconds that it is not ready, and forgets who hung up", async () => {
    const answer = get("/startz");
    await eventually(() => clock.waiting > 1).toBe(true);
    await clock.advance(5_000);
    expect(await answer).toEqual([503, "not ready\n"]);
    const { host, port } = new URL(`http://${address}`);
    const socket = connect(Number(port), host.split(":")[0]);
    socket.write("GET /startz HTTP/1.1\r\nhost: a\r\n\r\n");
    await eventually(() => clock.waiting > 1).toBe(true);
    socket.destroy();
    await eventually(() => clock.waiting).toBe(0);
    board.set("", ServingStatus.SERVING);
  });

  test("/healthz is about the process, /readyz about its policies", async () => {
    expect(await get("/healthz")).toEqual([200, "ok\n"]);
    expect(await get("/readyz?verbose")).toEqual([503, "not ready\n"]);
    board.set("", ServingStatus.SERVING);
    expect(await get("/readyz")).toEqual([200, "ready\n"]);
  });

  test("there is nothing else", async () => {
    expect((await get("/"))[0]).toBe(404);
    expect((await get("/healthz", { method: "POST", body: "x" }))[0]).toBe(405);
  });

  test("one who talks nonsense is sent away and harms nobody", async () => {
    const [host, port] = address.split(":");
    const socket = connect(Number(port), host);
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.on("error", () => {});
    socket.on("data", () => {});
    socket.write("\u0000\u0001nonsense\r\n\r\n");
    await closed;
    expect((await get("/healthz"))[0]).toBe(200);
  });
});
