import pino from "pino";
import { describe, expect, it } from "vitest";
import { crds } from "../crds/definitions.ts";
import { decide } from "../engine/decide/decide.ts";
import { canGrant } from "../engine/delegate/can-grant.ts";
import { createManifestValidator } from "../engine/validate/manifest-validator.ts";
import { TokenVerifier } from "../sidecar/token/token-verifier.ts";
import { compileWorld, loadPolicy } from "./compile-world.ts";
import { conditionalObjects } from "./decide-condition.ts";
import { plainQuestion, planEngineer } from "./plan-engineer.ts";
import { algorithms, TokenSigner } from "./sign-tokens.ts";

const size = { organizations: 3, bindings: 180 };
const NOW = Date.UTC(2026, 0, 1);
const signer = new TokenSigner();
const compiler = compileWorld(size);
for (const object of [...conditionalObjects(), signer.policy]) compiler.put(object);
const policy = loadPolicy(compiler.compile({}));
const numbers = Array.from({ length: 100 }, (_, number) => number);

describe("A planned engineer", () => {
  const asked = numbers.map((number) => planEngineer(size, number));

  it("is one at the workplace and nothing elsewhere", () => {
    for (const { user, workplace, elsewhere } of asked) {
      const at = (scope: string) =>
        decide(policy, plainQuestion(user, "connections:manage", scope), NOW).outcome;
      expect([at(workplace), at(elsewhere)]).toEqual(["Allowed", "NoGrant"]);
    }
  });

  it("may be given a role elsewhere by the owner", () => {
    for (const { owner, user, elsewhere } of asked) {
      const question = {
        actor: plainQuestion(owner, "", elsewhere),
        ...({ verb: "Give", role: "engineer", target: { kind: "User", name: user } } as const),
      };
      expect(canGrant(policy, question, NOW)).toMatchObject({ allowed: true });
    }
  });
});

describe("What is added to the generated domain", () => {
  it("is valid", () => {
    const validator = createManifestValidator(crds);
    const objects = [...conditionalObjects(), signer.policy];
    expect(objects.flatMap((object) => validator.check(object).problems)).toEqual([]);
  });

  it.each([
    ["eu", "Allowed"],
    ["us", "NoGrant"],
    [undefined, "NoGrant"],
  ])("asks the region %s", (region, outcome) => {
    const { user, workplace } = planEngineer(size, 0);
    const request = {
      ...plainQuestion(user, "exports:read", workplace),
      resourceAttributes: region === undefined ? {} : { region },
      context: { interface: "dashboard" },
    };
    expect(decide(policy, request, NOW).outcome).toBe(outcome);
  });

  it.each(algorithms)("verifies tokens of %s and narrows by them", async (algorithm) => {
    const { user, workplace } = planEngineer(size, 0);
    const verifier = new TokenVerifier(pino({ enabled: false }));
    const signed = signer.sign(algorithm, user, NOW + 1000);
    const token = await verifier.verify(policy.model.tokenPolicies, signed, NOW);
    const at = (connection: string) => {
      const request = { ...plainQuestion(user, "connections:manage", workplace), token };
      return decide(policy, { ...request, resourceAttributes: { connection } }, NOW).outcome;
    };
    expect([at("1"), at("2"), at("3")]).toEqual(["Allowed", "Allowed", "TokenDenied"]);
  });
});
