import { expect } from "vitest";
import { allowing, assigned, Domain, isTaken, member, separated } from "./incits-359-domain.ts";

type Functions = Readonly<Record<string, () => void>>;

const payer = allowing("payer", ["file:write"]);
const approver = allowing("approver", ["file:read"]);
const auditor = allowing("auditor", ["plan:read"]);
/** Inherits one of the separated roles. */
const head = allowing("head", [], ["approver"]);

/** Static separation of duty: each function, and what its row says. */
export const staticSeparation: Functions = {
  CreateSsdSet() {
    const domain = held("payer", "approver");
    domain.put(separated("Static", ["payer", "approver"]));
    expect(domain.check("ada", "file:write")).toBe("NoGrant");
    expect(domain.check("ada", "file:read")).toBe("NoGrant");
    domain.remove("AccessRoleBinding", "ada-approver");
    expect(domain.check("ada", "file:write")).toBe("Allowed");
    expect(domain.mayAssign("ada", "approver")).toBe(false);
    expect(domain.mayAssign("ada", "head")).toBe(false);
    expect(domain.mayAssign("ada", "auditor")).toBe(true);
  },
  DeleteSsdSet() {
    const domain = held("payer", "head");
    domain.put(separated("Static", ["payer", "approver"]));
    expect(domain.check("ada", "file:read")).toBe("NoGrant");
    domain.remove("AccessConstraint", "set");
    expect(domain.check("ada", "file:read")).toBe("Allowed");
  },
  AddSsdRoleMember() {
    const domain = held("payer", "auditor");
    domain.put(separated("Static", ["payer", "approver"]));
    expect(domain.check("ada", "plan:read")).toBe("Allowed");
    domain.put(separated("Static", ["payer", "approver", "auditor"]));
    expect(domain.check("ada", "plan:read")).toBe("NoGrant");
  },
  DeleteSsdRoleMember() {
    const domain = held("payer", "auditor");
    domain.put(separated("Static", ["payer", "approver", "auditor"]));
    domain.put(separated("Static", ["payer", "approver"]));
    expect(domain.check("ada", "plan:read")).toBe("Allowed");
    expect(isTaken(separated("Static", ["payer"]))).toBe(false);
  },
  SetSsdSetCardinality() {
    const domain = held("payer", "approver");
    domain.put(separated("Static", ["payer", "approver", "auditor"], 2));
    expect(domain.check("ada", "file:write")).toBe("Allowed");
    expect(domain.mayAssign("ada", "auditor")).toBe(false);
    domain.put(separated("Static", ["payer", "approver", "auditor"], 1));
    expect(domain.check("ada", "file:write")).toBe("NoGrant");
    expectBounds("Static");
  },
  SsdRoleSets: () => expect(setsOf("Static")).toEqual(["set"]),
  SsdRoleSetRoles: () => expect(readBack("Static")?.roles).toEqual(["payer", "approver", "auditor"]),
  SsdRoleSetCardinality: () => expect((readBack("Static")?.atMost ?? 0) + 1).toBe(3),
};

/** Dynamic separation of duty: each function, and what its row says. */
export const dynamicSeparation: Functions = {
  CreateDsdSet() {
    const domain = held("payer", "head", "auditor");
    domain.put(separated("Dynamic", ["payer", "approver"]));
    expect(domain.check("ada", "file:write", "payer")).toBe("Allowed");
    expect(domain.check("ada", "file:read", "head")).toBe("Allowed");
    expect(domain.check("ada", "file:read", "head", "payer")).toBe("SeparationOfDuty");
    // Without active roles all are active.
    expect(domain.check("ada", "plan:read")).toBe("SeparationOfDuty");
    expect(domain.check("ada", "plan:read", "auditor", "payer")).toBe("Allowed");
    expect(domain.mayAssign("bob", "payer")).toBe(true);
  },
  DeleteDsdSet() {
    const domain = held("payer", "approver");
    domain.put(separated("Dynamic", ["payer", "approver"]));
    domain.remove("AccessConstraint", "set");
    expect(domain.check("ada", "file:read", "approver", "payer")).toBe("Allowed");
  },
  AddDsdRoleMember() {
    const domain = held("payer", "auditor");
    domain.put(separated("Dynamic", ["payer", "approver"]));
    expect(domain.check("ada", "plan:read", "auditor", "payer")).toBe("Allowed");
    domain.put(separated("Dynamic", ["payer", "approver", "auditor"]));
    expect(domain.check("ada", "plan:read", "auditor", "payer")).toBe("SeparationOfDuty");
  },
  DeleteDsdRoleMember() {
    const domain = held("payer", "auditor");
    domain.put(separated("Dynamic", ["payer", "approver", "auditor"]));
    domain.put(separated("Dynamic", ["payer", "approver"]));
    expect(domain.check("ada", "plan:read", "auditor", "payer")).toBe("Allowed");
    expect(isTaken(separated("Dynamic", ["payer"]))).toBe(false);
  },
  SetDsdSetCardinality() {
    const domain = held("payer", "approver", "auditor");
    domain.put(separated("Dynamic", ["payer", "approver", "auditor"], 2));
    expect(domain.check("ada", "file:read", "approver", "payer")).toBe("Allowed");
    expect(domain.check("ada", "file:read", "approver", "payer", "auditor")).toBe("SeparationOfDuty");
    expectBounds("Dynamic");
  },
  DsdRoleSets: () => expect(setsOf("Dynamic")).toEqual(["set"]),
  DsdRoleSetRoles: () => expect(readBack("Dynamic")?.roles).toEqual(["payer", "approver", "auditor"]),
  DsdRoleSetCardinality: () => expect((readBack("Dynamic")?.atMost ?? 0) + 1).toBe(3),
};

/** Ada is assigned these roles. */
function held(...roles: readonly string[]): Domain {
  return new Domain(
    payer,
    approver,
    auditor,
    head,
    member("ada"),
    member("bob"),
    ...assigned("ada", ...roles),
  );
}

/** 2 ≤ n ≤ size of the set, so 1 ≤ atMost < size. */
function expectBounds(mode: "Static" | "Dynamic"): void {
  const roles = ["payer", "approver", "auditor"];
  const taken = [0, 1, 2, 3].filter((atMost) => isTaken(separated(mode, roles, atMost)));
  expect(taken).toEqual([1, 2]);
}

function stored(mode: "Static" | "Dynamic"): Domain {
  return new Domain(separated(mode, ["payer", "approver", "auditor"], 2));
}

function setsOf(mode: "Static" | "Dynamic"): string[] {
  const constraints = [...stored(mode).world.listLive("AccessConstraint")];
  return constraints
    .filter(({ spec }) => spec.separationOfDuty?.mode === mode)
    .map(({ metadata }) => metadata.name);
}

function readBack(mode: "Static" | "Dynamic") {
  return stored(mode).world.live("AccessConstraint", "set")?.spec.separationOfDuty;
}
