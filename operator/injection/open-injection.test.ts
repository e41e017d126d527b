import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import { silent } from "../../test/support/silent-logger.ts";
import type { AdmissionRequest } from "../admission/review.ts";
import type { PeerIdentity } from "../identity/peer-identity.ts";
import { openInjection } from "./open-injection.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sidegate-"));
});
afterEach(() => rm(folder, { recursive: true }));

const request: AdmissionRequest = {
  uid: "1",
  kind: { group: "", version: "v1", kind: "Pod" },
  resource: { group: "", version: "v1", resource: "pods" },
  ...{ subResource: "", operation: "CREATE", name: "", namespace: "shop" },
  userInfo: { username: "someone", groups: [], extra: {} },
  object: {
    metadata: { labels: { "sidegate.dev/inject": "true" } },
    spec: { containers: [{ name: "app" }], serviceAccountName: "pay" },
  },
  oldObject: undefined,
  dryRun: true,
};

async function open(text: string, authorize: (peer: PeerIdentity, domain: string) => Promise<void>) {
  const file = join(folder, "injection.yaml");
  await writeFile(file, text);
  return openInjection({ file, gate: { authorize }, ensureTrust: async () => {}, logger: silent });
}

describe("injection by the settings of a file", () => {
  it("asks for the pod's service account as the API server knows it", async () => {
    const asked: [string, string][] = [];
    const handler = await open("image: a\noperators: [a:1]", async ({ user }, domain) => {
      asked.push([user, domain]);
      throw new SidegateError("SG2155", "no");
    });
    const { warnings } = await handler(request, new AbortController().signal);
    expect(asked).toEqual([["system:serviceaccount:shop:pay", "shop"]]);
    expect(warnings?.[0]).toContain("shop/pay may not sync");
  });

  it("says nothing of a right that nobody could tell", async () => {
    const handler = await open("image: a\noperators: [a:1]", () =>
      Promise.reject(new SidegateError("SG2156", "the API server is away")),
    );
    expect(await handler(request, new AbortController().signal)).toMatchObject({ warnings: [] });
  });

  it("refuses to start with a file that is wrong or not there", async () => {
    await expect(open("image: a", async () => {})).rejects.toMatchObject({ code: "SG4601" });
    const options = { gate: { authorize: async () => {} }, ensureTrust: async () => {}, logger: silent };
    await expect(openInjection({ ...options, file: join(folder, "none") })).rejects.toMatchObject({
      code: "SG4601",
      message: expect.stringContaining("none can not be read"),
    });
  });
});
