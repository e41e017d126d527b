import { describe, expect, test } from "vitest";
import { acme, paths, type Write } from "../../test/support/judging.ts";
import { binding, build, role } from "../../test/worlds/build.ts";

describe("A role", () => {
  const rules = (...verbs: string[]) => ({ rules: [{ resources: ["doc"], verbs }] });
  const own = (spec: object) => role("r", { organization: "acme", ...spec });

  test.each<[string, Write, readonly string[]]>([
    ["comes to what the writer holds", { after: own(rules("view")) }, []],
    ["comes to more", { after: own(rules("edit")) }, ["spec.rules"]],
    [
      "comes to more by who may escalate",
      { after: own(rules("edit")), verbs: ["escalate AccessRole/r"] },
      [],
    ],
    [
      "belongs to no organization, where the writer holds nothing",
      { after: role("r", rules("view")) },
      ["spec.rules"],
    ],
    [
      "lets grant what the writer may",
      { after: own({ grants: [{ roles: ["staff"], levels: ["Organization"] }] }) },
      [],
    ],
    [
      "may be assigned at more levels",
      { before: own({ assignableAt: ["Workspace"] }), after: own({}) },
      ["spec.assignableAt", "spec.assignableAt", "spec.assignableAt"],
    ],
    [
      "denies less",
      {
        before: own({ rules: [{ effect: "Deny", resources: ["doc"], verbs: ["view"] }] }),
        after: own({}),
      },
      ["spec.rules"],
    ],
    ["is deleted and denied nothing", { before: own(rules("edit")) }, []],
    [
      "belongs to an organization that does not exist",
      { after: role("r", { organization: "gone", ...rules("view") }) },
      ["spec.rules"],
    ],
    [
      "lets grant more",
      { after: own({ grants: [{ roles: ["other"], levels: ["Organization"] }] }) },
      ["spec.grants", "spec.grants"],
    ],
    [
      "comes to what the writer holds by a binding with a condition",
      {
        after: own(rules("edit")),
        others: [role("e", rules("edit")), binding("x", "e", "User:k8s:boss", acme, { when: "true" })],
      },
      ["spec.rules"],
    ],
    [
      "comes to what is void for the writer further down",
      {
        after: own(rules("edit")),
        others: [
          role("e", rules("edit")),
          binding("x", "e", "User:k8s:boss", acme),
          binding("y", "staff", "User:k8s:boss", "environment/prod"),
          build("AccessConstraint", "s", { separationOfDuty: { roles: ["e", "staff"] } }),
        ],
      },
      ["spec.rules"],
    ],
    [
      "comes to what a Deny rule further down takes from the writer",
      {
        after: own(rules("view")),
        others: [
          role("d", { rules: [{ effect: "Deny", resources: ["*"], verbs: ["*"] }] }),
          binding("x", "d", "User:k8s:boss", "environment/prod"),
        ],
      },
      ["spec.rules"],
    ],
  ])("%s", (_name, write, wanted) => {
    expect(paths(write)).toEqual(wanted);
  });
});
