import { describe, expect, it } from "vitest";
import type { JsonObject, JsonValue } from "../../engine/model/json.ts";
import type { TokenPolicy } from "../../engine/model/objects.generated.ts";
import { binding, build, marked } from "../worlds/build.ts";
import { acme, NOW, owner, question } from "./acme.ts";
import { createOracle } from "./oracle.ts";
import type { OracleRequest } from "./request.ts";

const SECONDS = NOW / 1000;
const policy = (name: string, narrowing: Partial<TokenPolicy["spec"]["narrowing"]> = {}) =>
  build("TokenPolicy", name, {
    issuer: "https://id",
    audiences: ["app", "web"],
    keys: { jwks: "{}" },
    narrowing: {
      claim: "may",
      selectors: [
        { pattern: "shelf:*", attribute: "shelf" },
        { pattern: "shelf:[name]", attribute: "shelf" },
        { pattern: "page:[number]", attribute: "page" },
        { pattern: "page:ext:[id]", attribute: "page-ext" },
      ],
      ...narrowing,
    },
  });
const good = { iss: "https://id", aud: "app", sub: "ann", may: { "shelf:*": true } };

function ask(
  claims: JsonObject | undefined,
  request: Partial<OracleRequest> = {},
  policies: readonly TokenPolicy[] = [policy("t")],
): string {
  const bound = binding("b", "owner", ["User:ann", "Group:token:only"], "platform");
  const oracle = createOracle([...acme, owner, bound, ...policies]);
  const asked = { ...question, resourceAttributes: { shelf: "s", page: "", "page-ext": "" }, ...request };
  return oracle.decide({ ...asked, token: { claims } }, NOW).outcome;
}

describe("a token", () => {
  it.each<[name: string, claims: JsonObject | undefined, wanted: string]>([
    ["that is good", good, "Allowed"],
    ["without a good signature", undefined, "InvalidToken"],
    ["of another issuer", { ...good, iss: "https://else" }, "InvalidToken"],
    ["for one of several audiences", { ...good, aud: ["else", "web"] }, "Allowed"],
    ["for another audience", { ...good, aud: "else" }, "InvalidToken"],
    ["that ends now", { ...good, exp: SECONDS }, "InvalidToken"],
    ["that ends in a fraction of a second", { ...good, exp: SECONDS + 0.001 }, "Allowed"],
    ["that begins now", { ...good, nbf: SECONDS }, "Allowed"],
    ["that begins later", { ...good, nbf: SECONDS + 0.001 }, "InvalidToken"],
    ["whose end is no number", { ...good, exp: "never" }, "InvalidToken"],
    ["with an empty subject", { ...good, sub: "" }, "InvalidToken"],
    ["with a reserved subject", { ...good, sub: "k8s:ann" }, "InvalidToken"],
    ["with an unknown selector", { ...good, may: { "shelves:*": false } }, "InvalidToken"],
    ["with a value of the wrong type", { ...good, may: { "shelf:*": "doc:view" } }, "InvalidToken"],
    ["with a list of the wrong type", { ...good, may: { "shelf:*": ["doc:view", 1] } }, "InvalidToken"],
    ["whose claim is no object", { ...good, may: null }, "InvalidToken"],
  ])("%s", (_, claims, wanted) => {
    expect(ask(claims)).toBe(wanted);
  });

  it("must be for exactly one policy", () => {
    expect(ask(good, {}, [policy("t"), policy("u")])).toBe("InvalidToken");
    expect(ask(good, {}, [policy("t"), marked(policy("u"))])).toBe("Allowed");
  });

  it("says who asks, alone or with the request", () => {
    const nobody = { subjectKind: "", subjectName: "" };
    expect(ask(good, nobody)).toBe("Allowed");
    expect(ask(good, { subjectName: "bob" })).toBe("InvalidToken");
    expect(ask({ ...good, sub: "ns/bot" }, { subjectKind: "ServiceAccount", subjectName: "ns/bot" })).toBe(
      "InvalidToken",
    );
  });

  it("puts its bearer into the group of the policy", () => {
    expect(ask({ ...good, sub: "bob" }, { subjectName: "bob" })).toBe("NoGrant");
    expect(ask({ ...good, sub: "bob" }, { subjectName: "bob" }, [policy("only")])).toBe("Allowed");
  });
});

describe("the narrowing claim", () => {
  const may = (
    claim: JsonValue,
    attributes: JsonObject,
    narrowing: Partial<TokenPolicy["spec"]["narrowing"]> = {},
  ) => ask({ ...good, may: claim }, { resourceAttributes: attributes }, [policy("t", narrowing)]);
  const none = { shelf: "s", page: "", "page-ext": "" };
  it.each<[name: string, claim: JsonValue, attributes: JsonObject, wanted: string]>([
    ["keeps all", { "shelf:*": true }, none, "Allowed"],
    ["keeps nothing", { "shelf:*": false }, none, "TokenDenied"],
    ["keeps what a list names", { "shelf:*": ["doc:view"] }, none, "Allowed"],
    ["keeps what a listed verb implies", { "shelf:*": ["doc:own"] }, none, "Allowed"],
    ["keeps all verbs of a bare type", { "shelf:*": ["doc"] }, none, "Allowed"],
    [
      "keeps nothing that no list names",
      { "shelf:*": ["bill", "doc:nothing", "*", "doc:*"] },
      none,
      "TokenDenied",
    ],
    ["is overridden by the more specific", { "shelf:s": true, "shelf:*": false }, none, "Allowed"],
    ["is not overridden by what does not match", { "shelf:t": true, "shelf:*": false }, none, "TokenDenied"],
    ["does not match what is sent empty", { "shelf:*": true }, { ...none, shelf: "" }, "TokenDenied"],
    [
      "must be kept by all that could match",
      { "shelf:*": true, "page:1": false },
      { shelf: "s" },
      "TokenDenied",
    ],
    ["is kept by all that could match", { "shelf:*": true, "page:1": true }, { shelf: "s" }, "Allowed"],
    [
      "takes what is no string as not sent",
      { "shelf:*": true, "page:1": false },
      { shelf: "s", page: 1 },
      "TokenDenied",
    ],
    [
      "stands though the less specific could match",
      { "page:1": true, "shelf:*": false },
      { page: "1" },
      "Allowed",
    ],
    [
      "belongs to the most specific pattern",
      { "page:ext:1": true },
      { ...none, page: "ext:1" },
      "TokenDenied",
    ],
    ["decides nothing without what decides", { "shelf:*": true }, {}, "TokenDenied"],
  ])("%s", (_, claim, attributes, wanted) => {
    expect(may(claim, attributes)).toBe(wanted);
  });

  it("may be absent, or match nothing, where the policy allows it", () => {
    const { may: _, ...without } = good;
    expect(ask(without)).toBe("TokenDenied");
    expect(ask(without, {}, [policy("t", { absent: "Allow" })])).toBe("Allowed");
    expect(may({}, none)).toBe("TokenDenied");
    expect(may({}, none, { unmatched: "Allow" })).toBe("Allowed");
    expect(may({ "shelf:*": false }, {}, { unmatched: "Allow" })).toBe("TokenDenied");
  });
});
