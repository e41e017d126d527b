import { afterAll, beforeAll, describe } from "vitest";
import { type FakeApiServer, startFakeApiServer } from "../fake-apiserver/start.ts";
import { describeReplicas } from "../operator/replica-behaviour.ts";

let server: FakeApiServer;
beforeAll(async () => {
  server = await startFakeApiServer();
});
afterAll(() => server.stop());

describe("on the fake API server", () => {
  describeReplicas(() => server.kubeconfig());
});
