import { expect, test } from "vitest";
import { build } from "../../test/worlds/build.ts";
import { DomainCompiler } from "../compile/domain-compiler.ts";
import type { DecisionRequest } from "../decide/request.ts";
import type { JsonObject } from "../model/json.ts";
import { loadCompiled } from "../policy/load-compiled.ts";
import { readClaims } from "../token/read-claims.ts";
import { invalidToken, type TokenEvidence } from "../token/token-evidence.ts";
import { explain } from "./explain.ts";

const compiler = new DomainCompiler("shop");
compiler.put(
  build("PermissionCatalog", "c", {
    resources: [{ name: "files", level: "Platform", verbs: [{ name: "read" }, { name: "write" }] }],
  }),
);
compiler.put(
  build("TokenPolicy", "app", {
    issuer: "issuer",
    audiences: ["api"],
    keys: { jwks: "{}" },
    narrowing: { claim: "may", selectors: [{ pattern: "folder:*", attribute: "folder" }] },
  }),
);
const policy = loadCompiled(compiler.compile({}));

const tokenWith = (claims: JsonObject): TokenEvidence =>
  readClaims(policy.model.tokenPolicies, { iss: "issuer", aud: "api", sub: "ada", ...claims }, 0);

function told(token: TokenEvidence | undefined, more: Partial<DecisionRequest> = {}): string {
  const request: DecisionRequest = {
    ...{ subjectKind: "", subjectName: "", groups: [], activeRoles: [], resourceName: "" },
    ...{ permission: "files:read", scope: "platform", token },
    ...more,
  };
  return explain(policy, request, 0).token;
}

test.each<[string, TokenEvidence | undefined, Partial<DecisionRequest>, string]>([
  ["nothing without a token", undefined, { subjectKind: "User", subjectName: "ada" }, ""],
  ["why it is not valid", invalidToken("the token has expired"), {}, "the token has expired"],
  [
    "which selector it does not know",
    tokenWith({ may: { "file:*": true } }),
    {},
    'the selector "file:*" fits no pattern of the policy',
  ],
  [
    "that it is another's",
    tokenWith({}),
    { subjectKind: "User", subjectName: "bob" },
    "the request names another subject than the token",
  ],
  [
    "which selector decides",
    tokenWith({ may: { "folder:*": ["files:write"] } }),
    { resourceAttributes: { folder: "a" } },
    'it is of TokenPolicy "app"; the selector "folder:*" of the token decides and takes away the permission',
  ],
  [
    "which entries have no effect",
    tokenWith({ may: { "folder:*": ["files", "s3cret:read"] } }),
    { resourceAttributes: { folder: "a" } },
    'it is of TokenPolicy "app"; the selector "folder:*" of the token decides and keeps the permission; entry 1 of the selector "folder:*" names no permission of a catalog',
  ],
  [
    "its policy, where the permission is unknown",
    tokenWith({}),
    { permission: "nothing:read" },
    'it is of TokenPolicy "app"',
  ],
])("an explanation tells %s", (_name, token, more, wanted) => {
  expect(told(token, more)).toBe(wanted);
});
