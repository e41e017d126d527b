import { X509Certificate } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TrustFixture } from "../../test/support/trust-fixture.ts";
import { encodeAuthority } from "./authority-state.ts";
import { NOTHING, rotate } from "./rotate.ts";
import { authoritySchedule, BACKDATED_MS, LEAF_MS } from "./schedules.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let fixture: TrustFixture;

beforeEach(async () => {
  fixture = await TrustFixture.start();
});

afterEach(() => fixture.stop());

const issuerOf = (pem: string) => new X509Certificate(pem).issuer;

describe("replicas that start at once", () => {
  test("agree on one authority, each with a certificate of its own", async () => {
    const [a, b] = await Promise.all([fixture.replica(), fixture.replica()]);
    const { authorities } = fixture.authority();
    expect(authorities).toHaveLength(1);
    const ca = new X509Certificate(authorities[0]?.certificate as string);
    for (const { trust } of [a, b]) {
      const leaf = new X509Certificate(trust.certificate.current.cert);
      expect(leaf.verify(ca.publicKey)).toBe(true);
      expect(leaf.checkHost("sidegate-operator.sidegate-system.svc")).toBeDefined();
      expect(leaf.checkHost("sidegate-operator-replicas.sidegate-system.svc.cluster.local")).toBeDefined();
      expect(Date.parse(leaf.validFrom)).toBeLessThanOrEqual(fixture.clock.wallTime() - BACKDATED_MS);
    }
    expect(a.trust.certificate.current.cert).not.toBe(b.trust.certificate.current.cert);
    const statement = { domain: "shop", revision: "ab", epoch: 0, position: {}, issuedAt: 1 };
    expect(a.trust.signer.sign(statement)).toEqual(b.trust.signer.sign(statement));
  });
});

describe("the Secret of the authority", () => {
  test("is made again from memory when somebody deletes it", async () => {
    await fixture.replica();
    const before = fixture.authority();
    fixture.server.objects.delete(fixture.secret);
    await fixture.until(() => fixture.server.objects.get(fixture.secret) !== undefined);
    expect(fixture.authority()).toEqual(before);
  });

  test("is written back by the leader when somebody damages it", async () => {
    const { trust, lines } = await fixture.replica({ leads: true });
    const { authorities } = fixture.authority();
    const { cert } = trust.certificate.current;
    fixture.server.objects.put({
      ...fixture.server.objects.get(fixture.secret),
      data: { "authority.json": "e30=" },
    } as never);
    await fixture.until(() => lines.some(({ msg }) => msg === "Wrote the authority"));
    expect(fixture.authority().authorities).toEqual(authorities);
    expect(trust.certificate.current.cert).toBe(cert);
    expect(lines.filter(({ msg }) => msg === "The authority can not be read")).toHaveLength(1);
  });

  test("that somebody replaces on purpose counts at once", async () => {
    const { trust } = await fixture.replica();
    const { state } = await rotate(NOTHING, fixture.clock.wallTime());
    fixture.server.objects.put({
      ...fixture.server.objects.get(fixture.secret),
      data: encodeAuthority(state),
    } as never);
    const subject = new X509Certificate(state.authorities[0]?.certificate as string).subject;
    await fixture.until(() => issuerOf(trust.certificate.current.cert) === subject);
    expect(trust.signer.sign({ domain: "a", revision: "b", epoch: 0, position: {}, issuedAt: 1 }).keyId).toBe(
      state.signingKeys[0]?.id,
    );
  });

  test("is waited for when it can not be made, and the certificate with it", async () => {
    fixture.server.faults.requests.failNext(2, { code: 500 }, ({ method }) => method === "POST");
    await fixture.replica();
    expect(fixture.authority().signingKeys).toHaveLength(1);
  });
});

describe("a certificate", () => {
  test("says in metrics when it ends", async () => {
    const { trust } = await fixture.replica();
    const end = trust.part.gauges?.().sidegate_operator_certificate_expiry_timestamp_seconds ?? 0;
    expect(Math.abs(end * 1_000 - fixture.clock.wallTime() - LEAF_MS)).toBeLessThan(10_000);
  });

  test("is renewed after two thirds of its life", async () => {
    const { trust } = await fixture.replica();
    const { cert } = trust.certificate.current;
    let told = 0;
    trust.certificate.subscribe(() => told++);
    await fixture.clock.advance((LEAF_MS * 2) / 3 - HOUR);
    expect(trust.certificate.current.cert).toBe(cert);
    await fixture.clock.advance(HOUR + 600_000);
    await fixture.until(() => told > 0);
    expect(trust.certificate.current.cert).not.toBe(cert);
    expect(issuerOf(trust.certificate.current.cert)).toBe(issuerOf(cert));
  });

  test("comes from the next authority when the time of that has come, which has been trusted for a week", async () => {
    const { trust } = await fixture.replica({ leads: true });
    fixture.putNamespace("shop");
    await trust.ensureNamespace("shop");
    const [first] = fixture.authority().authorities;
    fixture.clock.setWall(
      fixture.clock.wallTime() + authoritySchedule.activeMs - authoritySchedule.announceMs,
    );
    await fixture.clock.advance(HOUR);
    await fixture.until(() => fixture.authority().authorities.length === 2);
    const second = fixture.authority().authorities[1];
    await fixture.until(
      () => fixture.bundleIn("shop")?.["ca.crt"]?.includes(second?.certificate as string) ?? false,
    );
    expect(fixture.bundleIn("shop")?.["ca.crt"]).toContain(first?.certificate);
    expect(new X509Certificate(trust.certificate.current.cert).checkIssued(certificateOf(first))).toBe(true);
    fixture.clock.setWall(fixture.clock.wallTime() + 7 * DAY);
    await fixture.clock.advance(600_000);
    await fixture.until(() =>
      new X509Certificate(trust.certificate.current.cert).checkIssued(certificateOf(second)),
    );
    expect(fixture.bundleIn("shop")?.["ca.crt"]).toContain(first?.certificate);
  });
});

function certificateOf(entry: { readonly certificate: string } | undefined): X509Certificate {
  return new X509Certificate(entry?.certificate as string);
}
