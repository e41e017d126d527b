import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TrustFixture } from "../../test/support/trust-fixture.ts";
import { makeAuthority, makeServerCertificate } from "./x509.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let fixture: TrustFixture;

beforeEach(async () => {
  fixture = await TrustFixture.start();
});

afterEach(() => fixture.stop());

describe("a certificate from a Secret", () => {
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  async function putSecret(without?: string) {
    const validity = { notBefore: fixture.clock.wallTime() - HOUR, notAfter: fixture.clock.wallTime() + DAY };
    const ca = await makeAuthority("Others", validity);
    const leaf = await makeServerCertificate(ca, ["sidegate-operator.sidegate-system.svc"], validity);
    const data = {
      "tls.crt": base64(leaf.certificate),
      "tls.key": base64(leaf.key),
      "ca.crt": base64(ca.certificate),
    };
    fixture.server.objects.put({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "mine", namespace: fixture.namespace },
      type: "kubernetes.io/tls",
      data: Object.fromEntries(Object.entries(data).filter(([name]) => name !== without)),
    });
    return { ca: ca.certificate, cert: leaf.certificate };
  }

  test("is served and trusted, and followed when it changes", async () => {
    fixture.putWebhooks();
    const first = await putSecret();
    const { trust } = await fixture.replica({ leads: true, certificates: { from: "secret", name: "mine" } });
    expect(trust.certificate.current.cert).toBe(first.cert);
    await fixture.until(() => fixture.caBundles().every((bundle) => bundle === first.ca));
    const second = await putSecret();
    await fixture.until(() => fixture.caBundles().every((bundle) => bundle === second.ca));
    expect(trust.certificate.current.cert).toBe(second.cert);
    await trust.ensureNamespace("default");
    expect(fixture.bundleIn("default")?.["ca.crt"]).toBe(second.ca);
    expect(JSON.parse(fixture.bundleIn("default")?.["policy-keys.json"] ?? "").keys).toHaveLength(1);
  });

  test.each(["tls.crt", "tls.key", "ca.crt"])(
    "stays the last good one when the Secret loses %s or goes",
    async (entry) => {
      const first = await putSecret();
      const { trust, lines: log } = await fixture.replica({ certificates: { from: "secret", name: "mine" } });
      await putSecret(entry);
      await fixture.until(() =>
        log.some(({ msg }) => msg === "The Secret of the certificate can not be used"),
      );
      expect(log.find(({ level }) => level === 50)).toMatchObject({ err: { code: "SG4402" } });
      fixture.server.objects.delete({ kind: "Secret", namespace: fixture.namespace, name: "mine" });
      await fixture.until(() =>
        log.some(({ msg }) => msg.startsWith("The Secret of the certificate is gone")),
      );
      expect(trust.certificate.current.cert).toBe(first.cert);
    },
  );
});
