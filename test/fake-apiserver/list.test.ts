import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ContractApi } from "../contract/contract-api.ts";
import { namesIn, textOf } from "../contract/json.ts";
import { type FakeApiServer, startFakeApiServer } from "./start.ts";

const path = "/apis/sidegate.dev/v1alpha1/namespaces/default/workspaces";
const workspace = (name: string) => ({
  apiVersion: "sidegate.dev/v1alpha1",
  kind: "Workspace",
  metadata: { name },
  spec: { organization: "acme" },
});

let server: FakeApiServer;
let api: ContractApi;
beforeEach(async () => {
  server = await startFakeApiServer();
  api = await ContractApi.connect(server.kubeconfig());
  for (const name of ["a", "b", "c"]) server.objects.put(workspace(name));
});
afterEach(async () => {
  await api.close();
  await server.stop();
});

const page = (token: string) => api.send("GET", `${path}?limit=1&continue=${encodeURIComponent(token)}`);

describe("a continue token from before the history", () => {
  test("is refused with one that goes on inconsistently", async () => {
    const first = await api.send("GET", `${path}?limit=1`);
    server.objects.put(workspace("aa"));
    server.faults.compact();
    const expired = await page(textOf(first.body.metadata?.continue));
    expect(expired.status).toBe(410);
    expect(expired.body).toMatchObject({ kind: "Status", status: "Failure", reason: "Expired", code: 410 });
    const second = await page(textOf(expired.body.metadata?.continue));
    expect([second.status, namesIn(second.body)]).toEqual([200, ["aa"]]);
    expect(second.body.metadata?.resourceVersion).toBe(server.resourceVersion());
    expect(namesIn((await page(textOf(second.body.metadata?.continue))).body)).toEqual(["b"]);
  });
});

describe("an exact resourceVersion from before the history", () => {
  test("is refused", async () => {
    const version = server.resourceVersion();
    server.objects.put(workspace("d"));
    server.faults.compact();
    const answer = await api.send("GET", `${path}?resourceVersion=${version}&resourceVersionMatch=Exact`);
    expect([answer.status, answer.body.reason]).toEqual([410, "Expired"]);
  });
});
