import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { crds } from "../../crds/definitions.ts";
import { createManifestValidator } from "../../engine/validate/manifest-validator.ts";
import { startOperator } from "../../operator/operator.ts";
import { FolderSource } from "../../operator/source/folder/folder-source.ts";
import { type FakeApiServer, startFakeApiServer } from "../fake-apiserver/start.ts";
import { describeKeyKeeping, keysInUse } from "../operator/key-behaviour.ts";
import { createFastClock } from "../support/fast-clock.ts";
import { createIssuerKey, startIssuer } from "../support/issuer.ts";
import { silent } from "../support/silent-logger.ts";

let server: FakeApiServer;
beforeAll(async () => {
  server = await startFakeApiServer();
});
afterAll(() => server.stop());

describe("an operator on the fake API server", () => {
  describeKeyKeeping(() => server.kubeconfig());
});

const manifest = (keys: object, status: object = {}) =>
  JSON.stringify({
    apiVersion: "sidegate.dev/v1alpha1",
    kind: "TokenPolicy",
    metadata: { name: "mobile" },
    spec: {
      issuer: "issuer",
      audiences: ["api"],
      keys,
      narrowing: { claim: "may", selectors: [{ pattern: "a:*", attribute: "a" }] },
    },
    ...status,
  });

test("an operator on a folder keeps them in memory", async () => {
  const [a, b] = [createIssuerKey("a"), createIssuerKey("b")];
  const issuer = await startIssuer(a);
  const folder = mkdtempSync(join(tmpdir(), "sidegate-keys-"));
  const file = join(folder, "policy.json");
  writeFileSync(file, manifest({ jwksURL: issuer.address }));
  const clock = createFastClock(60);
  const operator = await startOperator({
    createSource: ({ onContact }) =>
      new FolderSource({
        folder,
        domain: "shop",
        validator: createManifestValidator(crds),
        clock,
        logger: silent,
        onContact,
      }),
    listen: "127.0.0.1:0",
    clock,
    logger: silent,
    onFatal: () => {},
  });
  try {
    const inUse = () => expect.poll(() => keysInUse(operator, "shop"), { timeout: 30_000, interval: 20 });
    await inUse().toEqual(["a"]);
    issuer.keys = [a, b];
    await inUse().toEqual(["a", "b"]);
    // Another policy has none of it.
    issuer.status = 500;
    writeFileSync(file, manifest({ jwksURL: issuer.address }, { metadata: { name: "other" } }));
    await inUse().toBe("no keys");
    issuer.status = 200;
    issuer.keys = [b];
    await inUse().toEqual(["b"]);
  } finally {
    await operator.stop();
    await issuer.stop();
    rmSync(folder, { recursive: true });
  }
});
