import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TrustFixture } from "../../test/support/trust-fixture.ts";

let fixture: TrustFixture;

beforeEach(async () => {
  fixture = await TrustFixture.start();
});

afterEach(() => fixture.stop());

describe("what is trusted", () => {
  test("is written where there are objects or was one before, and repaired", async () => {
    const put = (name: string, data: Record<string, string>) =>
      fixture.server.objects.put({
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "sidegate-trust", namespace: name },
        data,
      });
    put("injected", { "ca.crt": "old", other: "kept" });
    fixture.putNamespace("shop");
    const { duties } = await fixture.replica({ leads: true });
    await fixture.until(() => fixture.bundleIn("injected")?.["ca.crt"] !== "old");
    expect(fixture.bundleIn("injected")).toMatchObject({ other: "kept" });
    for (const duty of duties) duty.changed?.(change("shop"));
    await fixture.until(() => fixture.bundleIn("shop") !== undefined);
    const { "ca.crt": ca, "policy-keys.json": keys } = fixture.bundleIn("shop") ?? {};
    expect(ca).toBe(`${fixture.authority().authorities[0]?.certificate.trim()}\n`);
    expect(JSON.parse(keys ?? "").keys).toMatchObject([{ kid: fixture.authority().signingKeys[0]?.id }]);
    put("shop", { "ca.crt": "mine" });
    await fixture.until(() => fixture.bundleIn("shop")?.["ca.crt"] === ca);
    fixture.server.objects.delete({ kind: "ConfigMap", namespace: "shop", name: "sidegate-trust" });
    await fixture.until(() => fixture.bundleIn("shop")?.["policy-keys.json"] === keys);
    const made = fixture.server.objects.get({ kind: "ConfigMap", namespace: "shop", name: "sidegate-trust" });
    expect(made?.metadata.labels).toMatchObject({ "sidegate.dev/trust": "true" });
    fixture.server.objects.put({ ...made, immutable: true, data: { "ca.crt": "mine" } } as never);
    await fixture.until(() => fixture.bundleIn("shop")?.["ca.crt"] === ca);
  });

  test("is left alone in a namespace that goes", async () => {
    const { duties, trust } = await fixture.replica({ leads: true });
    fixture.putNamespace("shop");
    for (const duty of duties) duty.changed?.(change("shop"));
    await fixture.until(() => fixture.bundleIn("shop") !== undefined);
    fixture.server.objects.delete({ kind: "Namespace", name: "shop" });
    await fixture.until(() => fixture.bundleIn("shop") === undefined);
    for (const duty of duties) duty.changed?.(change("shop"));
    await fixture.until(() => duties.every(({ pending = 0 }) => pending === 0));
    expect(fixture.server.objects.get({ kind: "Namespace", name: "shop" })).toBeUndefined();
    await expect(trust.ensureNamespace("shop")).rejects.toMatchObject({ status: 404 });
  });

  test("is made sure of by any replica, once for all who ask together, without a write where it is true", async () => {
    const { trust } = await fixture.replica();
    fixture.putNamespace("shop");
    await Promise.all([trust.ensureNamespace("shop"), trust.ensureNamespace("shop")]);
    const before = fixture.server.resourceVersion();
    await trust.ensureNamespace("shop");
    expect([fixture.server.resourceVersion(), fixture.bundleIn("shop")?.["ca.crt"]]).toEqual([
      before,
      fixture.authority().authorities[0]?.certificate,
    ]);
  });

  test("is written into all webhooks of a configuration, and again when others change it", async () => {
    fixture.putWebhooks();
    await fixture.replica({ leads: true });
    const ca = fixture.authority().authorities[0]?.certificate as string;
    await fixture.until(() => fixture.caBundles().every((bundle) => bundle === ca));
    fixture.putWebhooks();
    await fixture.until(() => fixture.caBundles().every((bundle) => bundle === ca));
    const before = fixture.server.resourceVersion();
    await fixture.clock.advance(5_000);
    expect(fixture.server.resourceVersion()).toBe(before);
  });

  test("is not written into a configuration that cert-manager looks after", async () => {
    fixture.putWebhooks({ "cert-manager.io/inject-ca-from": "sidegate-system/webhooks" });
    const { duties } = await fixture.replica({ leads: true });
    await fixture.clock.advance(5_000);
    await fixture.until(() => duties.every(({ pending = 0 }) => pending === 0));
    expect(fixture.caBundles()).toEqual(["", ""]);
  });
});

function change(domain: string): never {
  return { domain, after: { metadata: { name: "any" } } } as never;
}
