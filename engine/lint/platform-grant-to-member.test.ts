import { expect, it } from "vitest";
import { findingsOf } from "../../test/support/lint-rule.ts";
import { binding, build, role } from "../../test/worlds/build.ts";
import { platformGrantToMember } from "./platform-grant-to-member.ts";

const staff = role("staff", { rules: [{ resources: ["logs"], verbs: ["view"] }] });
const membership = build("Membership", "acme-ann", {
  organization: "acme",
  subject: { kind: "User", name: "ann" },
});
const inner = build("AccessGroup", "inner", { members: [{ kind: "User", name: "ann" }] });
const outer = build("AccessGroup", "outer", { members: [{ kind: "AccessGroup", name: "inner" }] });

it("warns of a role at Platform for a member, directly or by groups, and for everybody", () => {
  const subjects = ["User:ann", "AccessGroup:outer", "Group:system:authenticated", "User:bob"];
  const found = findingsOf(
    platformGrantToMember,
    staff,
    membership,
    inner,
    outer,
    binding("b", "staff", subjects, "platform"),
  );
  expect(found).toEqual([
    'AccessRoleBinding/b spec.subjects[0]: User "ann" is a member of acme and gets "staff" in every organization',
    'AccessRoleBinding/b spec.subjects[1]: AccessGroup "outer" holds User "ann", a member of acme, who gets "staff" in every organization',
    'AccessRoleBinding/b spec.subjects[2]: "system:authenticated" is everybody: all members of all organizations get "staff"',
  ]);
});

it("is content with people of the platform, with roles that only deny, and with bindings below", () => {
  const blocked = role("blocked", { rules: [{ effect: "Deny", resources: ["*"], verbs: ["*"] }] });
  const found = findingsOf(
    platformGrantToMember,
    staff,
    blocked,
    membership,
    binding("b1", "staff", ["User:bob", "AccessGroup:gone"], "platform"),
    binding("b2", "blocked", "User:ann", "platform"),
    binding("b3", "staff", "User:ann", "organization/acme"),
    binding("b4", "gone", "User:ann", "platform"),
  );
  expect(found).toEqual([]);
});
