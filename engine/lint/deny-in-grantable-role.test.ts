import { expect, it } from "vitest";
import { findingsOf } from "../../test/support/lint-rule.ts";
import { role } from "../../test/worlds/build.ts";
import { denyInGrantableRole } from "./deny-in-grantable-role.ts";

const denying = role("blocked", {
  rules: [
    { resources: ["logs"], verbs: ["view"] },
    { effect: "Deny", resources: ["*"], verbs: ["*"] },
  ],
});
const including = role("half", { includes: ["blocked"] });
const admin = role("admin", { grants: [{ roles: ["blocked", "half"], levels: ["Organization"] }] });

it("warns of Deny rules, own or included, in roles that a grants entry names", () => {
  expect(findingsOf(denyInGrantableRole, denying, including, admin)).toEqual([
    "AccessRole/blocked spec.rules[1]: the Deny rule can be turned against anybody by who holds admin, which may give this role",
    'AccessRole/half spec.includes: the Deny rule of the included role "blocked" can be turned against anybody by who holds admin, which may give this role',
  ]);
});

it("is content where the role may only be taken, or given only at Platform, or denies nothing", () => {
  const taker = role("taker", {
    grants: [{ roles: ["blocked"], levels: ["Organization"], verbs: ["Take"] }],
  });
  const platform = role("platform", { grants: [{ roles: ["blocked"], levels: ["Platform"] }] });
  const plain = role("plain", { rules: [{ effect: "Allow", resources: ["logs"], verbs: ["view"] }] });
  const giver = role("giver", { grants: [{ roles: ["plain", "gone"], levels: ["Organization"] }] });
  expect(findingsOf(denyInGrantableRole, denying, taker, platform, plain, giver)).toEqual([]);
});
