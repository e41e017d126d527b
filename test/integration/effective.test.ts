import { afterAll, beforeAll, describe } from "vitest";
import { type FakeApiServer, startFakeApiServer } from "../fake-apiserver/start.ts";
import { describeEffective } from "../operator/effective-behaviour.ts";

let server: FakeApiServer;
beforeAll(async () => {
  server = await startFakeApiServer();
});
afterAll(() => server.stop());

describe("on the fake API server", () => {
  describeEffective(() => server.kubeconfig());
});
