import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import type { TokenDocument } from "../../cli/cases/case-file.ts";
import { signToken } from "../../cli/cases/sign-token.ts";
import { testKeySet } from "../../cli/cases/test-keys.ts";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import { DevServer } from "./dev-server.ts";
import { runCli } from "./run-cli.ts";

const manifests = `
apiVersion: sidegate.dev/v1alpha1
kind: PermissionCatalog
metadata: { name: product }
spec: { resources: [{ name: tenants, level: Platform, verbs: [{ name: view }, { name: manage }] }] }
---
apiVersion: sidegate.dev/v1alpha1
kind: AccessRole
metadata: { name: admin }
spec: { assignableAt: [Platform], rules: [{ resources: [tenants], verbs: ["*"], when: "context.level >= 3" }] }
---
apiVersion: sidegate.dev/v1alpha1
kind: AccessRoleBinding
metadata: { name: ada }
spec: { role: admin, subjects: [{ kind: User, name: ada }], scope: { kind: Platform } }
---
apiVersion: sidegate.dev/v1alpha1
kind: TokenPolicy
metadata: { name: mobile }
spec:
  issuer: https://issuer.example
  audiences: [app]
  keys: { jwks: '${testKeySet()}' }
  narrowing: { claim: may, selectors: [{ pattern: "tenant:[name]", attribute: tenant }] }
`;
const objects = parseAllDocuments(manifests).map((document) => document.toJS() as SidegateObject);

const dev = new DevServer();
const folder = join(dev.root, "manifests");

beforeAll(async () => {
  mkdirSync(folder);
  writeFileSync(join(folder, "objects.yaml"), manifests);
  await dev.start(folder);
}, 60_000);
afterAll(() => dev.end());

function writeToken(document: TokenDocument): string {
  const file = join(dev.root, "token.jwt");
  const claims = { sub: "ada", may: { "tenant:acme": ["tenants:view"] }, ...document.claims };
  // The clock of the processes is the real one.
  writeFileSync(file, `${signToken({ policy: "mobile", ...document, claims }, objects, Date.now()).text}\n`);
  return file;
}

const facts = ["--context", "level:=3", "--resource-attribute", "tenant=acme"];

describe.each([
  ["a sidecar", () => ["--address", dev.address], "the token's subject"],
  ["a folder", () => ["--folder", folder], "User:ada"],
])("sidegate check with a token, of %s", (_, where, subject) => {
  const ask = (permission: string, ...more: string[]) =>
    runCli(["check", permission, "--scope", "platform", "-o", "json", ...where(), ...more]);

  it("asks for the token's subject, with the facts of the request", async () => {
    const { code, stdout, stderr } = await ask("tenants:view", "--token-file", writeToken({}), ...facts);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({ allowed: true, subject, reason: "Allowed" });
  });

  it("says what the token takes away", async () => {
    const { code, stdout } = await ask("tenants:manage", "--token-file", writeToken({}), ...facts);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ allowed: false, reason: "TokenDenied" });
  });

  it("denies where a fact is missing", async () => {
    const { stdout } = await ask("tenants:view", "--subject", "user:ada");
    expect(JSON.parse(stdout)).toMatchObject({ allowed: false, reason: "NoGrant" });
  });

  it("denies with a token that is not valid, and prints nothing of it", async () => {
    const file = writeToken({ key: "stranger", claims: { secret: "s3cret" } });
    const { code, stdout, stderr } = await ask("tenants:view", "--token-file", file, ...facts);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ reason: "InvalidToken", disclosure: "Forbidden" });
    expect(stdout + stderr).not.toContain("s3cret");
  });

  it("refuses a token that is too long", async () => {
    const file = join(dev.root, "long.jwt");
    writeFileSync(file, "a".repeat(1_000_000));
    const { code, stderr } = await ask("tenants:view", "--token-file", file);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error SG3001 InvalidRequest: token has more than 16384 characters/);
  });
});
