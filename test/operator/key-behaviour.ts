import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { TokenPolicy } from "../../engine/model/objects.generated.ts";
import { Policy } from "../../engine/policy/policy.ts";
import type { Operator } from "../../operator/operator.ts";
import { createIssuerKey, type Issuer, startIssuer } from "../support/issuer.ts";
import { manifestOf } from "../support/policies.ts";
import { OperatorFixture } from "./operator-fixture.ts";

const eventually = <T>(look: () => T | Promise<T>) => expect.poll(look, { timeout: 30_000, interval: 20 });

/** Minutes of the operator are seconds of the test. */
const SPEED = 60;

/** The ids of the keys that the published policy holds for the only token policy of a domain, or what is amiss. */
export function keysInUse(operator: Operator, domain: string): string[] | string {
  const compiled = operator.book.current(domain);
  if (compiled === undefined) return "no policy";
  const bytesOf = (hash: string) => compiled.shards.find((shard) => shard.hash === hash)?.bytes as Uint8Array;
  const [policy] = Policy.load(manifestOf(compiled), bytesOf).model.tokenPolicies;
  if (policy === undefined || policy.jwks === "") return "no keys";
  return (JSON.parse(policy.jwks) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid).sort();
}

/** How an operator on an API server keeps the keys of token policies. */
export function describeKeyKeeping(kubeconfig: () => string): void {
  const [a, b] = [createIssuerKey("a"), createIssuerKey("b")];
  let fixture: OperatorFixture;
  let issuer: Issuer;

  beforeEach(async () => {
    issuer = await startIssuer(a);
    fixture = new OperatorFixture({ kubeconfig: kubeconfig(), isRestricted: true, speed: SPEED });
    await fixture.createNamespace();
  });
  afterEach(async () => {
    await fixture.stop();
    await issuer.stop();
  });

  const create = (keys: object) =>
    fixture.create("TokenPolicy", "mobile", {
      issuer: "issuer",
      audiences: ["api"],
      keys,
      narrowing: { claim: "may", selectors: [{ pattern: "a:*", attribute: "a" }] },
    });
  const inUse = () => keysInUse(fixture.operator, fixture.namespace);
  const policy = async () => (await fixture.get("TokenPolicy", "mobile")) as TokenPolicy;
  const condition = async () => {
    const found = (await policy()).status?.conditions?.find(({ type }) => type === "KeysReady");
    return found && `${found.status} ${found.reason}: ${found.message}`;
  };

  describe("keys that an issuer publishes", () => {
    test("come into the policy and the status, and follow the issuer's changes", async () => {
      await create({ jwksURL: issuer.address });
      await fixture.startOperator();
      await eventually(inUse).toEqual(["a"]);
      await eventually(condition).toBe(`True Fetched: 1 key of ${issuer.address}`);
      expect(await fixture.accepted("TokenPolicy", "mobile")).toBe("True Accepted");
      expect((await policy()).status?.keySet).toMatchObject({ source: issuer.address });

      issuer.keys = [a, b];
      await eventually(inUse).toEqual(["a", "b"]);
      issuer.keys = [b];
      await eventually(inUse).toEqual(["b"]);
      await eventually(condition).toBe(`True Fetched: 1 key of ${issuer.address}`);
    });

    test("stay in use while it can not be reached, also over a restart, and the status says since when", async () => {
      await create({ jwksURL: issuer.address });
      await fixture.startOperator();
      await eventually(inUse).toEqual(["a"]);
      await eventually(condition).toMatch(/^True Fetched/);
      issuer.status = 503;
      await eventually(condition).toMatch(
        /^False Unreachable: .* since 20.*: the answer has the status 503; .* stay in use$/,
      );
      await fixture.stopOperator();
      await fixture.startOperator();
      expect(inUse()).toEqual(["a"]);
      const asked = issuer.asked;
      await eventually(() => issuer.asked > asked).toBe(true);
      expect(inUse()).toEqual(["a"]);
      expect(await condition()).toMatch(/^False Unreachable/);
      issuer.status = 200;
      issuer.keys = [b];
      await eventually(inUse).toEqual(["b"]);
      await eventually(condition).toMatch(/^True Fetched/);
    });

    test("are gone when it publishes none, or when the policy names keys of its own", async () => {
      await create({ jwksURL: issuer.address });
      await fixture.startOperator();
      await eventually(inUse).toEqual(["a"]);
      issuer.keys = [];
      await eventually(inUse).toEqual([]);
      await eventually(condition).toMatch(
        /^False Invalid: .* has no key that can be used, so no token is valid$/,
      );
      await fixture.patch("TokenPolicy", "mobile", {
        spec: { keys: { jwksURL: null, jwks: JSON.stringify({ keys: [b.jwk] }) } },
      });
      await eventually(inUse).toEqual(["b"]);
      await eventually(condition).toBeUndefined();
      await eventually(async () => (await policy()).status?.keySet).toBeUndefined();
      const { asked } = issuer;
      await fixture.create("Organization", "later", {});
      await eventually(() => fixture.accepted("Organization", "later")).toBe("True Accepted");
      expect(issuer.asked).toBeLessThanOrEqual(asked + 1);
    });

    test("of another address are not used, even before those of the new one are there", async () => {
      const other = await startIssuer(b);
      other.status = 500;
      await create({ jwksURL: issuer.address });
      await fixture.startOperator();
      await eventually(inUse).toEqual(["a"]);
      await fixture.patch("TokenPolicy", "mobile", { spec: { keys: { jwksURL: other.address } } });
      await eventually(inUse).toBe("no keys");
      await eventually(condition).toMatch(/^False Unreachable: .*; no keys are known, so no token is valid$/);
      other.status = 200;
      await eventually(inUse).toEqual(["b"]);
      await other.stop();
    });
  });
}
