import { afterAll, beforeAll, describe } from "vitest";
import { type FakeApiServer, startFakeApiServer } from "../fake-apiserver/start.ts";
import { describeGuard } from "../operator/guard-behaviour.ts";
import { describeOperator } from "../operator/operator-behaviour.ts";

let server: FakeApiServer;
beforeAll(async () => {
  server = await startFakeApiServer();
});
afterAll(() => server.stop());

describe("an operator on the fake API server", () => {
  describeOperator(() => server.kubeconfig());
  describeGuard(() => server.kubeconfig());
});
