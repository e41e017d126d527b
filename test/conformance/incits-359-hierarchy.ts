import { expect } from "vitest";
import { RoleGraph } from "../../engine/delegate/role-closure.ts";
import { role } from "../worlds/build.ts";
import { allowing, assigned, Domain, isTaken, member } from "./incits-359-domain.ts";

const reader = allowing("reader", ["file:read"]);

/** General hierarchy: each function, and what its row says. */
export const hierarchy: Readonly<Record<string, () => void>> = {
  AddInheritance() {
    const domain = new Domain(reader, allowing("lead", []), member("ada"), ...assigned("ada", "lead"));
    expect(domain.check("ada", "file:read")).toBe("NoGrant");
    domain.put(allowing("lead", [], ["reader"]));
    expect(domain.check("ada", "file:read")).toBe("Allowed");
    // An edge that is there already, a circle, and a circle of one.
    expect(isTaken(role("lead", { includes: ["reader", "reader"] }))).toBe(false);
    domain.put(allowing("reader", ["file:read"], ["lead"]));
    expect(domain.check("ada", "file:read")).toBe("NoGrant");
    expect(domain.problems("AccessRole", "lead")).toEqual(["IncludeCycle"]);
    domain.put(allowing("lead", ["file:read"], ["lead"]));
    expect(domain.check("ada", "file:read")).toBe("NoGrant");
  },
  DeleteInheritance() {
    const domain = new Domain(reader, allowing("middle", [], ["reader"]), member("ada"));
    domain.put(allowing("lead", [], ["middle", "reader"]), ...assigned("ada", "lead"));
    domain.put(allowing("lead", [], ["middle"]));
    expect(domain.check("ada", "file:read")).toBe("Allowed");
    domain.put(allowing("middle", []));
    expect(domain.check("ada", "file:read")).toBe("NoGrant");
  },
  AddAscendant() {
    const domain = new Domain(reader, member("ada"), ...assigned("ada", "lead"));
    domain.put(allowing("lead", [], ["reader"]));
    expect(domain.check("ada", "file:read")).toBe("Allowed");
  },
  AddDescendant() {
    const domain = new Domain(member("ada"), ...assigned("ada", "lead"));
    domain.put(allowing("lead", [], ["reader"]));
    expect(domain.check("ada", "file:read")).toBe("NoGrant");
    domain.put(reader);
    expect(domain.check("ada", "file:read")).toBe("Allowed");
  },
  AuthorizedUsers() {
    const domain = staffed();
    const graph = new RoleGraph(domain.world.listLive("AccessRole"));
    expect(domain.usersOf(...graph.includersOf("reader"))).toEqual(["ada", "bob"]);
    for (const user of ["ada", "bob"]) expect(domain.check(user, "file:read")).toBe("Allowed");
    expect(domain.usersOf(...graph.includersOf("lead"))).toEqual(["ada"]);
  },
  AuthorizedRoles() {
    const domain = staffed();
    const graph = new RoleGraph(domain.world.listLive("AccessRole"));
    const isAuthorized = (name: string) =>
      graph.includersOf(name).some((includer) => domain.rolesOf("ada").includes(includer));
    expect(["lead", "middle", "other", "reader"].filter(isAuthorized)).toEqual(["lead", "middle", "reader"]);
    // What is authorized can be activated, and nothing else.
    for (const name of ["lead", "middle", "reader"])
      expect(domain.check("ada", "file:read", name)).toBe("Allowed");
    expect(domain.check("ada", "file:read", "other")).toBe("NoGrant");
  },
};

/** Ada leads, bob reads. */
function staffed(): Domain {
  return new Domain(
    reader,
    allowing("middle", [], ["reader"]),
    allowing("lead", [], ["middle"]),
    allowing("other", ["file:read"]),
    ...[member("ada"), member("bob")],
    ...assigned("ada", "lead"),
    ...assigned("bob", "reader"),
  );
}
