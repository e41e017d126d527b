import { expect, it } from "vitest";
import type { ExplainOutcome } from "./ask-why.ts";
import { formatExplanation } from "./format-explanation.ts";

const denied: ExplainOutcome = {
  decision: "deny",
  allowed: false,
  subject: "User:ada",
  permission: "logs:view",
  scope: "organization/acme",
  reason: "NoGrant",
  revision: "r1",
  token: "",
  conflict: "",
  grants: [],
  nearestMisses: [],
};

it("says that no grant has a rule", () => {
  expect(formatExplanation(denied)).toBe(
    "deny  User:ada logs:view organization/acme\n  reason    NoGrant: no grant allows it\n  revision  r1\n\nNo grant of the subject has a rule for it.\n",
  );
});

it("names the level that a permission lives at, and no grants where none were looked at", () => {
  expect(formatExplanation({ ...denied, reason: "WrongLevel", level: "Environment" })).toBe(
    "deny  User:ada logs:view organization/acme\n  reason    WrongLevel: the permission's type lives at another level of the scope tree\n  level     Environment\n  revision  r1\n",
  );
});
