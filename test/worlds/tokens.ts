import fc, { type Arbitrary } from "fast-check";
import type { JsonObject, JsonValue } from "../../engine/model/json.ts";
import type { TokenPolicy } from "../../engine/model/objects.generated.ts";
import { build } from "./build.ts";
import { NOON } from "./instants.ts";
import { GHOST } from "./names.ts";
import { compact, mostly, seldom, weighted } from "./often.ts";

/** The selectors of all policies, least specific first. */
const selectors = [
  { pattern: "shelf:*", attribute: "shelf" },
  { pattern: "shelf:[name]", attribute: "shelf" },
  { pattern: "page:*", attribute: "page" },
  { pattern: "page:[number]", attribute: "page" },
  { pattern: "page:ext:[id]", attribute: "ext" },
];

/** Policies of one issuer, whose audiences may overlap so that a token is for two. */
export function tokenPolicy(name: string): Arbitrary<TokenPolicy> {
  return fc
    .record({
      audiences: weighted([20, [name]], [1, ["t1", "t2"]]),
      subjectClaim: seldom(fc.constant("uid"), 6),
      absent: seldom(fc.constantFrom("Deny" as const, "Allow" as const), 2),
      unmatched: seldom(fc.constantFrom("Deny" as const, "Allow" as const), 2),
    })
    .map(({ audiences, subjectClaim, absent, unmatched }) =>
      build("TokenPolicy", name, {
        issuer: "id",
        audiences,
        keys: { jwks: '{"keys":[]}' },
        ...compact({ subjectClaim }),
        narrowing: { claim: "may", selectors, ...compact({ absent, unmatched }) },
      }),
    );
}

const permission = fc.constantFrom(
  ...["doc", "doc:own", "doc:view", "log", "bill:edit", "job", "sys:view", "membership"],
  ...[GHOST, "doc:nothing", "doc:*", "*", "a:doc:view", ""],
);

const kept: Arbitrary<JsonValue> = weighted<JsonValue>(
  [12, true],
  [6, false],
  [12, fc.uniqueArray(permission, { maxLength: 4 })],
  [1, fc.constantFrom<JsonValue>(null, "doc", ["doc", 1], {})],
);

const selector = weighted<string>(
  [20, "shelf:*"],
  [24, fc.constantFrom("shelf:s", "shelf:t", "page:*", "page:1", "page:ext:1", "page:ext:")],
  [1, fc.constantFrom("shelves:*", "shelf:", "toString")],
);

const narrowing: Arbitrary<JsonValue | undefined> = weighted<JsonValue | undefined>(
  [2, undefined],
  [24, fc.dictionary(selector, kept, { maxKeys: 4 })],
  [1, fc.constantFrom<JsonValue>(null, true, ["shelf:*"], "all")],
);

/** Seconds around noon, with fractions. */
const seconds = fc.constantFrom(0, 0.001, -0.001, 0.5, 3600).map((offset) => NOON / 1000 + offset);

/** Whom a token is for, and where. */
export interface TokenTarget {
  readonly subject: string;
  readonly audience: string;
}

/** The claims of a token, mostly good ones. Undefined stands for a token whose signature is not good. */
export const claims: Arbitrary<(target: TokenTarget) => JsonObject | undefined> = fc
  .record({
    isSigned: weighted([40, true], [1, false]),
    iss: weighted<string | undefined>([30, "id"], [1, "else"], [1, undefined]),
    aud: weighted<JsonValue>(
      [20, "{audience}"],
      [2, ["t2", "else", "t1"]],
      [1, fc.constantFrom<JsonValue>("else", ["t1", 1], [])],
    ),
    sub: weighted<JsonValue | undefined>(
      [20, "{subject}"],
      [1, "bob"],
      [1, fc.constantFrom<JsonValue | undefined>(undefined, "", "k8s:ann", 1, "system:authenticated")],
    ),
    uid: mostly(fc.constant("{subject}"), 12),
    exp: seldom(weighted<JsonValue>([8, seconds], [1, "never"]), 5),
    nbf: seldom(weighted<JsonValue>([8, seconds], [1, null]), 8),
    tier: seldom(fc.constantFrom("gold", "tin"), 2),
    may: narrowing,
  })
  .map(({ isSigned, ...fields }) => ({ subject, audience }: TokenTarget) => {
    if (!isSigned) return undefined;
    const filled = Object.entries(fields).map(([name, claim]) => {
      if (claim === "{subject}") return [name, subject];
      return [name, claim === "{audience}" ? audience : claim];
    });
    return compact(Object.fromEntries(filled) as JsonObject);
  });

const text = (...values: string[]) =>
  weighted<JsonValue | undefined>(
    [4, values[0]!],
    [4, fc.constantFrom(...values)],
    [2, undefined],
    [2, ""],
    [1, 1],
  );

/** Attributes of a resource: what selectors are matched against, and what conditions ask for. */
export const resourceAttributes: Arbitrary<JsonObject> = fc
  .record({
    shelf: text("s", "t", "*"),
    page: text("1", "2", "ext:1"),
    ext: text("1", "2"),
    owner: seldom(fc.constantFrom("ann", "bob"), 2),
  })
  .map((fields) => compact(fields) as JsonObject);
