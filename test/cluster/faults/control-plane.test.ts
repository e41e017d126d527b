import { createPrivateKey } from "node:crypto";
import { SignJWT } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { SidecarProcess } from "../../support/sidecar-process.ts";
import { Installation } from "./installation.ts";
import { findCommandLines, OwnControlPlane } from "./own-control-plane.ts";

const LIMIT = { timeout: 240_000 };
const kubeconfig = process.env.KUBECONFIG ?? "";
const lines = findCommandLines(kubeconfig);
const why = typeof lines === "string" ? lines : "";

if (why !== "") test.skip(`an API server and an etcd that are killed: ${why}`, () => {});

describe.skipIf(why !== "")("an API server and an etcd of the test's own", () => {
  let plane: OwnControlPlane;
  let installation: Installation;
  let sidecars: SidecarProcess[];

  beforeAll(async () => {
    if (typeof lines === "string") return;
    plane = await OwnControlPlane.start(lines, kubeconfig);
    installation = new Installation(plane.kubeconfig);
    await installation.begin();
    [, sidecars] = await installation.start(["pod-a", "pod-b"], ["one", "two"]);
  }, 180_000);
  afterAll(async () => {
    await installation?.end();
    await plane?.stop();
  }, 120_000);
  afterEach(() => installation.witness.isContent());

  const faults: [
    string,
    string,
    (plane: OwnControlPlane) => Promise<void>,
    (plane: OwnControlPlane) => Promise<void>,
  ][] = [
    ["the API server is killed", "api", (its) => its.killApiServer(), (its) => its.startApiServer()],
    ["etcd is killed", "etcd", (its) => its.killEtcd(), async (its) => its.startEtcd()],
    [
      "both are killed",
      "both",
      (its) => Promise.all([its.killApiServer(), its.killEtcd()]).then(() => {}),
      async (its) => {
        its.startEtcd();
        await its.startApiServer();
      },
    ],
  ];
  test.each(faults)(
    "%s: decisions go on, and changes resume after it is back",
    LIMIT,
    async (_name, id, kill, start) => {
      const { witness } = installation;
      await installation.bindEffectively(`going-${id}`);
      await installation.bind(`just-written-${id}`);
      await installation.unbind(`going-${id}`);
      await kill(plane);
      witness.expect(`never-${id}`, "NoGrant");
      await witness.hears(50);
      await expect(installation.bind(`never-${id}`)).rejects.toThrow();
      await start(plane);
      await installation.isGone(`going-${id}`);
      await installation.isEffective(`just-written-${id}`);
      await installation.isWell(`after-${id}`);
      await installation.isOneRevision(...sidecars);
    },
  );

  test.each([
    ["for ten minutes, which is not even asked about", 600],
    ["for two minutes, which the API server says", 120],
  ])("a token that has been over %s, is refused", LIMIT, async (_name, seconds) => {
    const token = await expired(await installation.issueToken(), seconds);
    const sidecar = await installation.launchSidecar(`expired-${seconds}`, { token });
    await sidecar.process.logged("The operator refuses this sidecar", { code: "SG2154" });
    expect(await sidecar.ask("always")).toBe("UnavailableError");
    expect(sidecar.process.stderr).not.toContain(token);
    await installation.isWell(`beside-${seconds}`);
    await sidecar.process.end();
  });

  /** The same token as the API server would have issued it earlier. */
  async function expired(token: string, seconds: number): Promise<string> {
    const [head = "", body = ""] = token.split(".");
    const read = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    const exp = Math.floor(Date.now() / 1_000) - seconds;
    const claims = { ...read(body), exp, iat: exp - 3_600, nbf: exp - 3_600 };
    return new SignJWT(claims).setProtectedHeader(read(head)).sign(createPrivateKey(plane.tokenKey));
  }
});
