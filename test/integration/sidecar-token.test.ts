import { generateKeyPairSync, sign } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Check, SidegateClient } from "../../client/index.ts";
import { limits } from "../../engine/model/limits.ts";
import { formatAddress } from "../../host/address.ts";
import { sidegateService } from "../../proto/sidegate-service.ts";
import { DecisionServer } from "../../sidecar/server/decision-server.ts";
import { HealthBoard } from "../../sidecar/server/health-board.ts";
import { recordingLogger } from "../support/silent-logger.ts";
import { binding, build } from "../worlds/build.ts";
import {
  allowed,
  encodeCheck,
  eventually,
  type Fixture,
  policyOf,
  rawCall,
  shop,
  startFixture,
  use,
} from "./sidecar-fixture.ts";

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const jwks = (kid: string) =>
  JSON.stringify({ keys: [{ ...publicKey.export({ format: "jwk" }), alg: "EdDSA", kid }] });
const tokenPolicy = (kid: string) =>
  build("TokenPolicy", "mobile", {
    issuer: "issuer",
    audiences: ["api"],
    keys: { jwks: jwks(kid) },
    narrowing: { claim: "may", selectors: [{ pattern: "log:[id]", attribute: "log" }], absent: "Allow" },
  });
const base = [...shop, binding("mobile-views", "viewer", "Group:token:mobile", "environment/acme-prod")];
const policy = policyOf([...base, tokenPolicy("a")]);
const later = policyOf([...base, tokenPolicy("b")], { TokenPolicy: "7" });

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
function tokenOf(claims: object = {}, kid = "a"): string {
  const content = `${part({ alg: "EdDSA", kid })}.${part({ iss: "issuer", aud: "api", sub: "ann", ...claims })}`;
  return `${content}.${sign(null, Buffer.from(content), privateKey).toString("base64url")}`;
}

let fixture: Fixture;
let client: SidegateClient;

beforeAll(async () => {
  fixture = await startFixture();
  use(fixture, policy);
  client = new SidegateClient({ address: fixture.addresses[0] });
});

afterAll(async () => {
  client.close();
  await fixture.stop();
});

const { permission, scope, subject } = allowed;
const ask = async (token: string, more: Partial<Check> = {}) =>
  (await client.check({ permission, scope, token, ...more })).reason;

describe("a token over the wire", () => {
  test("stands for its subject", async () => {
    expect(await ask(tokenOf())).toBe("Allowed");
    expect(await ask(tokenOf(), { subject })).toBe("Allowed");
    expect(await ask(tokenOf({ sub: "nobody" }))).toBe("NoGrant");
  });

  test("and for no other that the request names", async () => {
    expect(await ask(tokenOf(), { subject: { kind: "User", name: "bob" } })).toBe("InvalidToken");
    expect(await ask(tokenOf(), { subject: { kind: "ServiceAccount", name: "ns/ann" } })).toBe(
      "InvalidToken",
    );
  });

  test("puts its subject into the group of its policy", async () => {
    expect(await ask("", { subject: { kind: "User", name: "bob" } })).toBe("NoGrant");
    expect(await ask(tokenOf({ sub: "bob" }))).toBe("Allowed");
  });

  test("narrows by the attributes of the resource", async () => {
    const token = tokenOf({ may: { "log:1": ["logs:view"] } });
    const of = (log: string) => ({ resource: { attributes: { log } } });
    expect(await ask(token, of("1"))).toBe("Allowed");
    expect(await ask(token, of("2"))).toBe("TokenDenied");
    expect(await ask(token)).toBe("TokenDenied");
  });

  test("that is not good is denied, whatever the subject may do", async () => {
    expect(await ask(`${tokenOf()}x`, { subject })).toBe("InvalidToken");
    expect(await ask(tokenOf({ exp: fixture.clock.wallTime() / 1000 }), { subject })).toBe("InvalidToken");
    expect(await ask(tokenOf({}, "b"), { subject })).toBe("InvalidToken");
  });

  test.each([limits.token + 1, 1 << 20])("of %i characters is malformed", async (length) => {
    const ending = await rawCall(
      fixture.addresses[1],
      sidegateService.check.path,
      encodeCheck({ ...allowed, token: "s3cret".padEnd(length, "x") }),
    );
    expect(ending).toMatchObject({ code: "INVALID_ARGUMENT", info: { reason: "InvalidRequest" } });
    expect(ending.message).toContain(`token has ${length} characters`);
    expect(ending.message).not.toContain("s3cret");
  });

  test("may stand many times in a batch, beside checks without", async () => {
    const [good, bad] = [tokenOf(), tokenOf({ exp: 0 })];
    const checks = Array.from({ length: 300 }, (_, place): Check => {
      if (place % 3 === 0) return { permission, scope, subject };
      return { permission, scope, token: place % 3 === 1 ? good : bad };
    });
    const results = await client.batchCheck([...checks, { permission, scope, token: "x".repeat(20_000) }]);
    const reasons = results.map((result) => (result instanceof Error ? result.name : result.reason));
    expect(reasons.pop()).toBe("InvalidRequestError");
    expect(reasons).toEqual(checks.map((_, place) => (place % 3 === 2 ? "InvalidToken" : "Allowed")));
  });

  test("is judged by the keys of the policy that the check waited for", async () => {
    const token = tokenOf({}, "b");
    expect(await ask(token)).toBe("InvalidToken");
    const waiting = ask(token, { minPosition: ["TokenPolicy:7"] });
    await eventually(() => fixture.snapshots.waiting).toBe(1);
    use(fixture, later);
    expect(await waiting).toBe("Allowed");
    expect(await ask(tokenOf())).toBe("InvalidToken");
  });
});

test("nothing of a token is logged or answered, whatever is wrong with it", async () => {
  const { logger, lines } = recordingLogger();
  logger.level = "trace";
  const { snapshots, clock } = fixture;
  const server = new DecisionServer({ policies: snapshots, board: new HealthBoard(), clock, logger });
  const address = formatAddress(await server.listen({ host: "127.0.0.1", port: 0 }));
  const secret = "s3cret";
  const good = tokenOf({ jti: secret, sub: secret }, "b");
  const tokens = [
    good,
    tokenOf({ jti: secret, may: { "log:*": secret, [secret]: 1 } }, "b"),
    tokenOf({ jti: secret, exp: 0 }, "b"),
    tokenOf({ jti: secret }, secret),
    `${good}${secret}`,
    good.slice(5),
    `${secret}.${secret}.${secret}`,
    secret.repeat(10_000),
  ];
  let said = "";
  for (const token of tokens) {
    for (const { path } of [sidegateService.check, sidegateService.explain]) {
      const ending = await rawCall(address, path, encodeCheck({ ...allowed, token }));
      said += `${ending.message} ${JSON.stringify(ending.info)} ${ending.bytes.toString("latin1")}`;
      const cut = encodeCheck({ ...allowed, token }).subarray(0, -3);
      said += (await rawCall(address, path, cut)).message;
    }
  }
  await server.stop(0);
  said += JSON.stringify(lines);
  for (const text of [secret, ...tokens.flatMap((token) => token.split("."))]) {
    expect(said.includes(text), `${text.slice(0, 20)} in what was said`).toBe(false);
  }
});
