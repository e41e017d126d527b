import { afterAll } from "vitest";
import { type FakeApiServer, startFakeApiServer } from "../fake-apiserver/start.ts";
import { describeApiServerContract } from "./describe-contract.ts";

let server: FakeApiServer | undefined;

describeApiServerContract("the fake API server", async () => {
  server = await startFakeApiServer();
  server.reviews.allow({ userGroup: "system:masters" });
  return server.kubeconfig();
});

afterAll(() => server?.stop());
