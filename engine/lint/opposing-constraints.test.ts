import { expect, it } from "vitest";
import { findingsOf } from "../../test/support/lint-rule.ts";
import { build } from "../../test/worlds/build.ts";
import { opposingConstraints } from "./opposing-constraints.ts";

const exclusive = (name: string, ...roles: string[]) =>
  build("AccessConstraint", name, { exclusive: { roles } });

it("warns of exclusive sets that order two roles differently", () => {
  const found = findingsOf(
    opposingConstraints,
    exclusive("one", "owner", "admin", "member"),
    exclusive("two", "member", "guest", "admin"),
  );
  expect(found).toEqual([
    'AccessConstraint/two spec.exclusive.roles: of "member" and "admin" neither stays, since AccessConstraint "one" says otherwise',
  ]);
});

it("warns of a separation of duty over two roles of an exclusive set", () => {
  const duty = build("AccessConstraint", "a", { separationOfDuty: { roles: ["admin", "auditor", "owner"] } });
  expect(findingsOf(opposingConstraints, exclusive("b", "owner", "admin"), duty)).toEqual([
    'AccessConstraint/b spec.exclusive.roles: of "owner" and "admin" neither stays, since AccessConstraint "a" says otherwise',
  ]);
});

it("is content with the same order, with other roles, and with duties that are dynamic or allow two", () => {
  const found = findingsOf(
    opposingConstraints,
    exclusive("one", "owner", "admin", "member"),
    exclusive("two", "owner", "guest", "member"),
    exclusive("three", "x", "y"),
    build("AccessConstraint", "four", { separationOfDuty: { roles: ["owner", "admin"], mode: "Dynamic" } }),
    build("AccessConstraint", "five", {
      separationOfDuty: { roles: ["owner", "admin", "member"], atMost: 2 },
    }),
    build("AccessConstraint", "six", { separationOfDuty: { roles: ["owner", "x"] } }),
    build("AccessConstraint", "seven", { minHolders: { role: "owner", level: "Organization", count: 1 } }),
  );
  expect(found).toEqual([]);
});
