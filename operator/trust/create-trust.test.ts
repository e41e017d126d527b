import { X509Certificate } from "node:crypto";
import { KubeConfig } from "@kubernetes/client-node";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type FakeApiServer, startFakeApiServer } from "../../test/fake-apiserver/start.ts";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { type LogLine, recordingLogger } from "../../test/support/silent-logger.ts";
import type { Duty } from "../duty.ts";
import type { CertificateOrigin } from "../installation.ts";
import { createCredentials } from "../kube/credentials.ts";
import { createHttpKubeApi } from "../kube/http-kube-api.ts";
import { createPolicyBook } from "../policy-book.ts";
import { decodeAuthority, encodeAuthority } from "./authority-state.ts";
import { createTrust } from "./create-trust.ts";
import { NOTHING, rotate } from "./rotate.ts";
import { authoritySchedule, BACKDATED_MS, LEAF_MS } from "./schedules.ts";
import { makeAuthority, makeServerCertificate } from "./x509.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NAMESPACE = "sidegate-system";
const secretRef = { kind: "Secret", namespace: NAMESPACE, name: "sidegate-authority" };

let server: FakeApiServer;
let clock: ManualClock;
let lines: LogLine[];
let ends: (() => Promise<void>)[];

beforeEach(async () => {
  server = await startFakeApiServer();
  server.objects.put({ apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } });
  clock = new ManualClock();
  lines = [];
  ends = [];
});

afterEach(async () => {
  for (const end of ends.reverse()) await end();
  await server.stop();
});

/** Lets time go by in small steps until something is so; the test's own time-out ends it. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await clock.advance(20);
}

/** A replica that has started, with the duties of the leader where it leads. */
async function replica({ leads = false, certificates = { from: "own" } as CertificateOrigin } = {}) {
  const recorded = recordingLogger();
  const config = new KubeConfig();
  config.loadFromString(server.kubeconfig());
  const credentials = createCredentials(config, clock);
  const api = createHttpKubeApi({ credentials, clock });
  const book = createPolicyBook();
  const trust = createTrust({
    installation: {
      namespace: NAMESPACE,
      service: "sidegate-operator",
      certificates,
      validatingWebhooks: ["sidegate"],
      mutatingWebhooks: [],
    },
    ...{ api, clock, random: () => 0, logger: recorded.logger },
  });
  let hasStarted = false;
  void trust.part.start?.().then(() => {
    hasStarted = true;
  });
  ends.push(async () => {
    await trust.part.stop();
    await credentials.close();
  });
  await until(() => hasStarted);
  const duties: readonly Duty[] = leads ? trust.createDuties(api, { book }) : [];
  for (const duty of duties) duty.start();
  ends.push(async () => void (await Promise.all(duties.map((duty) => duty.drain()))));
  lines = recorded.lines;
  return { trust, duties, lines: recorded.lines };
}

const authority = () => decodeAuthority(server.objects.get(secretRef)?.data);
const issuerOf = (pem: string) => new X509Certificate(pem).issuer;
const bundleIn = (namespace: string) =>
  server.objects.get({ kind: "ConfigMap", namespace, name: "sidegate-trust" })?.data as
    | Record<string, string>
    | undefined;
const configuration = "ValidatingWebhookConfiguration.admissionregistration.k8s.io";
function caBundles(): string[] {
  const object = server.objects.get({ kind: configuration, name: "sidegate" });
  const list = (object?.webhooks ?? []) as { readonly clientConfig: { readonly caBundle?: string } }[];
  return list.map(({ clientConfig }) => Buffer.from(clientConfig.caBundle ?? "", "base64").toString());
}
const putWebhooks = (annotations: Record<string, string> = {}) =>
  server.objects.put({
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingWebhookConfiguration",
    metadata: { name: "sidegate", annotations },
    webhooks: ["a.sidegate.dev", "b.sidegate.dev"].map((name) => ({
      name,
      clientConfig: { service: { name: "sidegate-operator", namespace: NAMESPACE } },
    })),
  });

describe("replicas that start at once", () => {
  test("agree on one authority, each with a certificate of its own", async () => {
    const [a, b] = await Promise.all([replica(), replica()]);
    const { authorities } = authority();
    expect(authorities).toHaveLength(1);
    const ca = new X509Certificate(authorities[0]?.certificate as string);
    for (const { trust } of [a, b]) {
      const leaf = new X509Certificate(trust.certificate.current.cert);
      expect(leaf.verify(ca.publicKey)).toBe(true);
      expect(leaf.checkHost("sidegate-operator.sidegate-system.svc")).toBeDefined();
      expect(leaf.checkHost("sidegate-operator-replicas.sidegate-system.svc.cluster.local")).toBeDefined();
      expect(Date.parse(leaf.validFrom)).toBeLessThanOrEqual(clock.wallTime() - BACKDATED_MS);
    }
    expect(a.trust.certificate.current.cert).not.toBe(b.trust.certificate.current.cert);
    const statement = { domain: "shop", revision: "ab", epoch: 0, position: {}, issuedAt: 1 };
    expect(a.trust.signer.sign(statement)).toEqual(b.trust.signer.sign(statement));
  });
});

describe("the Secret of the authority", () => {
  test("is made again from memory when somebody deletes it", async () => {
    await replica();
    const before = authority();
    server.objects.delete(secretRef);
    await until(() => server.objects.get(secretRef) !== undefined);
    expect(authority()).toEqual(before);
  });

  test("is written back by the leader when somebody damages it", async () => {
    const { trust } = await replica({ leads: true });
    const { authorities } = authority();
    const { cert } = trust.certificate.current;
    server.objects.put({ ...server.objects.get(secretRef), data: { "authority.json": "e30=" } } as never);
    await until(() => lines.some(({ msg }) => msg === "Wrote the authority"));
    expect(authority().authorities).toEqual(authorities);
    expect(trust.certificate.current.cert).toBe(cert);
    expect(lines.filter(({ msg }) => msg === "The authority can not be read")).toHaveLength(1);
  });

  test("that somebody replaces on purpose counts at once", async () => {
    const { trust } = await replica();
    const { state } = await rotate(NOTHING, clock.wallTime());
    server.objects.put({ ...server.objects.get(secretRef), data: encodeAuthority(state) } as never);
    const subject = new X509Certificate(state.authorities[0]?.certificate as string).subject;
    await until(() => issuerOf(trust.certificate.current.cert) === subject);
    expect(trust.signer.sign({ domain: "a", revision: "b", epoch: 0, position: {}, issuedAt: 1 }).keyId).toBe(
      state.signingKeys[0]?.id,
    );
  });

  test("is waited for when it can not be made, and the certificate with it", async () => {
    server.faults.requests.failNext(2, { code: 500 }, ({ method }) => method === "POST");
    await replica();
    expect(authority().signingKeys).toHaveLength(1);
  });
});

describe("a certificate", () => {
  test("is renewed after two thirds of its life", async () => {
    const { trust } = await replica();
    const { cert } = trust.certificate.current;
    let told = 0;
    trust.certificate.subscribe(() => told++);
    await clock.advance((LEAF_MS * 2) / 3 - HOUR);
    expect(trust.certificate.current.cert).toBe(cert);
    await clock.advance(HOUR + 600_000);
    await until(() => told > 0);
    expect(trust.certificate.current.cert).not.toBe(cert);
    expect(issuerOf(trust.certificate.current.cert)).toBe(issuerOf(cert));
  });

  test("comes from the next authority when the time of that has come, which has been trusted for a week", async () => {
    const { trust } = await replica({ leads: true });
    server.objects.put({ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } });
    await trust.ensureNamespace("shop");
    const [first] = authority().authorities;
    clock.setWall(clock.wallTime() + authoritySchedule.activeMs - authoritySchedule.announceMs);
    await clock.advance(HOUR);
    await until(() => authority().authorities.length === 2);
    const second = authority().authorities[1];
    await until(() => bundleIn("shop")?.["ca.crt"]?.includes(second?.certificate as string) ?? false);
    expect(bundleIn("shop")?.["ca.crt"]).toContain(first?.certificate);
    expect(new X509Certificate(trust.certificate.current.cert).checkIssued(certificateOf(first))).toBe(true);
    clock.setWall(clock.wallTime() + 7 * DAY);
    await clock.advance(600_000);
    await until(() => new X509Certificate(trust.certificate.current.cert).checkIssued(certificateOf(second)));
    expect(bundleIn("shop")?.["ca.crt"]).toContain(first?.certificate);
  });
});

function certificateOf(entry: { readonly certificate: string } | undefined): X509Certificate {
  return new X509Certificate(entry?.certificate as string);
}

describe("what is trusted", () => {
  test("is written where there are objects or was one before, and repaired", async () => {
    const put = (name: string, data: Record<string, string>) =>
      server.objects.put({
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "sidegate-trust", namespace: name },
        data,
      });
    put("injected", { "ca.crt": "old", other: "kept" });
    server.objects.put({ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } });
    const { duties } = await replica({ leads: true });
    await until(() => bundleIn("injected")?.["ca.crt"] !== "old");
    expect(bundleIn("injected")).toMatchObject({ other: "kept" });
    for (const duty of duties) duty.changed?.(change("shop"));
    await until(() => bundleIn("shop") !== undefined);
    const { "ca.crt": ca, "policy-keys.json": keys } = bundleIn("shop") ?? {};
    expect(ca).toBe(`${authority().authorities[0]?.certificate.trim()}\n`);
    expect(JSON.parse(keys ?? "").keys).toMatchObject([{ kid: authority().signingKeys[0]?.id }]);
    put("shop", { "ca.crt": "mine" });
    await until(() => bundleIn("shop")?.["ca.crt"] === ca);
    server.objects.delete({ kind: "ConfigMap", namespace: "shop", name: "sidegate-trust" });
    await until(() => bundleIn("shop")?.["policy-keys.json"] === keys);
    const made = server.objects.get({ kind: "ConfigMap", namespace: "shop", name: "sidegate-trust" });
    expect(made?.metadata.labels).toMatchObject({ "sidegate.dev/trust": "true" });
    server.objects.put({ ...made, immutable: true, data: { "ca.crt": "mine" } } as never);
    await until(() => bundleIn("shop")?.["ca.crt"] === ca);
  });

  test("is left alone in a namespace that goes", async () => {
    const { duties, trust } = await replica({ leads: true });
    server.objects.put({ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } });
    for (const duty of duties) duty.changed?.(change("shop"));
    await until(() => bundleIn("shop") !== undefined);
    server.objects.delete({ kind: "Namespace", name: "shop" });
    await until(() => bundleIn("shop") === undefined);
    for (const duty of duties) duty.changed?.(change("shop"));
    await until(() => duties.every(({ pending = 0 }) => pending === 0));
    expect(server.objects.get({ kind: "Namespace", name: "shop" })).toBeUndefined();
    await expect(trust.ensureNamespace("shop")).rejects.toMatchObject({ status: 404 });
  });

  test("is made sure of by any replica, once for all who ask together, without a write where it is true", async () => {
    const { trust } = await replica();
    server.objects.put({ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } });
    await Promise.all([trust.ensureNamespace("shop"), trust.ensureNamespace("shop")]);
    const before = server.resourceVersion();
    await trust.ensureNamespace("shop");
    expect([server.resourceVersion(), bundleIn("shop")?.["ca.crt"]]).toEqual([
      before,
      authority().authorities[0]?.certificate,
    ]);
  });

  test("is written into all webhooks of a configuration, and again when others change it", async () => {
    putWebhooks();
    await replica({ leads: true });
    const ca = authority().authorities[0]?.certificate as string;
    await until(() => caBundles().every((bundle) => bundle === ca));
    putWebhooks();
    await until(() => caBundles().every((bundle) => bundle === ca));
    const before = server.resourceVersion();
    await clock.advance(5_000);
    expect(server.resourceVersion()).toBe(before);
  });

  test("is not written into a configuration that cert-manager looks after", async () => {
    putWebhooks({ "cert-manager.io/inject-ca-from": "sidegate-system/webhooks" });
    const { duties } = await replica({ leads: true });
    await clock.advance(5_000);
    await until(() => duties.every(({ pending = 0 }) => pending === 0));
    expect(caBundles()).toEqual(["", ""]);
  });
});

function change(domain: string): never {
  return { domain, after: { metadata: { name: "any" } } } as never;
}

describe("a certificate from a Secret", () => {
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  async function putSecret(without?: string) {
    const validity = { notBefore: clock.wallTime() - HOUR, notAfter: clock.wallTime() + DAY };
    const ca = await makeAuthority("Others", validity);
    const leaf = await makeServerCertificate(ca, ["sidegate-operator.sidegate-system.svc"], validity);
    const data = {
      "tls.crt": base64(leaf.certificate),
      "tls.key": base64(leaf.key),
      "ca.crt": base64(ca.certificate),
    };
    server.objects.put({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "mine", namespace: NAMESPACE },
      type: "kubernetes.io/tls",
      data: Object.fromEntries(Object.entries(data).filter(([name]) => name !== without)),
    });
    return { ca: ca.certificate, cert: leaf.certificate };
  }

  test("is served and trusted, and followed when it changes", async () => {
    putWebhooks();
    const first = await putSecret();
    const { trust } = await replica({ leads: true, certificates: { from: "secret", name: "mine" } });
    expect(trust.certificate.current.cert).toBe(first.cert);
    await until(() => caBundles().every((bundle) => bundle === first.ca));
    const second = await putSecret();
    await until(() => caBundles().every((bundle) => bundle === second.ca));
    expect(trust.certificate.current.cert).toBe(second.cert);
    await trust.ensureNamespace("default");
    expect(bundleIn("default")?.["ca.crt"]).toBe(second.ca);
    expect(JSON.parse(bundleIn("default")?.["policy-keys.json"] ?? "").keys).toHaveLength(1);
  });

  test.each(["tls.crt", "tls.key", "ca.crt"])(
    "stays the last good one when the Secret loses %s or goes",
    async (entry) => {
      const first = await putSecret();
      const { trust, lines: log } = await replica({ certificates: { from: "secret", name: "mine" } });
      await putSecret(entry);
      await until(() => log.some(({ msg }) => msg === "The Secret of the certificate can not be used"));
      expect(log.find(({ level }) => level === 50)).toMatchObject({ err: { code: "SG4402" } });
      server.objects.delete({ kind: "Secret", namespace: NAMESPACE, name: "mine" });
      await until(() => log.some(({ msg }) => msg.startsWith("The Secret of the certificate is gone")));
      expect(trust.certificate.current.cert).toBe(first.cert);
    },
  );
});
