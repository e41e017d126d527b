import { expect } from "vitest";
import { marked } from "../worlds/build.ts";
import { allowing, assigned, Domain, member } from "./incits-359-domain.ts";

const reader = allowing("reader", ["file:read"]);
const writer = allowing("writer", ["file:write"]);

/** Core: each function, and what its row says. */
export const core: Readonly<Record<string, () => void>> = {
  AddUser() {
    const domain = new Domain(reader, ...assigned("ada", "reader"));
    expect(domain.check("ada", "file:read")).toBe("NoGrant");
    domain.put(member("ada"));
    expect(domain.check("ada", "file:read")).toBe("Allowed");
    domain.put(member("ada", "acme-ada-again"));
    expect(domain.problems("Membership", "acme-ada")).toEqual([]);
    expect(domain.problems("Membership", "acme-ada-again")).toEqual(["DuplicateMembership"]);
  },
  DeleteUser() {
    const domain = new Domain(reader, member("ada"), ...assigned("ada", "reader"));
    domain.remove("Membership", "acme-ada");
    expect(domain.check("ada", "file:read", "reader")).toBe("NoGrant");
  },
  AddRole() {
    const domain = new Domain(member("ada"), ...assigned("ada", "reader"));
    expect(domain.check("ada", "file:read")).toBe("NoGrant");
    domain.put(reader);
    expect(domain.check("ada", "file:read")).toBe("Allowed");
  },
  DeleteRole() {
    const domain = new Domain(reader, member("ada"), ...assigned("ada", "reader"));
    domain.put(marked(reader));
    expect(domain.check("ada", "file:read")).toBe("Allowed");
    domain.remove("AccessRoleBinding", "ada-reader");
    expect(domain.world.live("AccessRole", "reader")).toBeUndefined();
  },
  AssignUser() {
    const domain = new Domain(reader, member("ada"));
    expect(domain.check("ada", "file:read")).toBe("NoGrant");
    domain.put(...assigned("ada", "reader"), ...assigned("ada", "reader"));
    expect(domain.check("ada", "file:read")).toBe("Allowed");
  },
  DeassignUser() {
    const domain = new Domain(reader, member("ada"), ...assigned("ada", "reader"));
    domain.remove("AccessRoleBinding", "ada-reader");
    expect(domain.check("ada", "file:read", "reader")).toBe("NoGrant");
  },
  GrantPermission() {
    const domain = new Domain(reader, member("ada"), ...assigned("ada", "reader"));
    expect(domain.check("ada", "file:write")).toBe("NoGrant");
    domain.put(allowing("reader", ["file:read", "file:write", "file:burn"]));
    expect(domain.check("ada", "file:write")).toBe("Allowed");
    expect(domain.check("ada", "file:burn")).toBe("UnknownPermission");
    expect(domain.problems("AccessRole", "reader")).toEqual(["UnknownPermission"]);
  },
  RevokePermission() {
    const domain = new Domain(reader, member("ada"), ...assigned("ada", "reader"));
    domain.put(allowing("reader", []));
    expect(domain.check("ada", "file:read")).toBe("NoGrant");
  },
  CreateSession() {
    const domain = both();
    expect(domain.check("ada", "file:write", "reader")).toBe("NoGrant");
    expect(domain.check("ada", "file:read", "reader")).toBe("Allowed");
    domain.put(allowing("other", ["plan:read"]));
    expect(domain.check("ada", "plan:read", "other")).toBe("NoGrant");
    expect(domain.check("ada", "file:read", "no-role")).toBe("InvalidRequest");
  },
  DeleteSession() {
    const domain = both();
    expect(domain.check("ada", "file:write", "reader")).toBe("NoGrant");
    // The next request knows nothing of the one before.
    expect(domain.check("ada", "file:write")).toBe("Allowed");
  },
  AddActiveRole() {
    const domain = both();
    expect(domain.check("ada", "file:write", "reader", "writer")).toBe("Allowed");
  },
  DropActiveRole() {
    const domain = both();
    expect(domain.check("ada", "file:write", "reader")).toBe("NoGrant");
    expect(domain.check("ada", "file:write")).toBe("Allowed");
  },
  CheckAccess() {
    const domain = new Domain(reader, allowing("lead", [], ["reader"]), member("ada"));
    domain.put(...assigned("ada", "lead"));
    expect(domain.check("ada", "file:read", "lead")).toBe("Allowed");
    expect(domain.check("ada", "file:read", "reader")).toBe("Allowed");
    expect(domain.check("ada", "file:write", "lead")).toBe("NoGrant");
    expect(domain.check("bob", "file:read")).toBe("NoGrant");
  },
  AssignedUsers() {
    const domain = both();
    domain.put(...assigned("bob", "reader"));
    expect(domain.usersOf("reader")).toEqual(["ada", "bob"]);
    expect(domain.usersOf("no-role")).toEqual([]);
  },
  AssignedRoles() {
    expect(both().rolesOf("ada")).toEqual(["reader", "writer"]);
    expect(both().rolesOf("bob")).toEqual([]);
  },
  RolePermissions() {
    const domain = both();
    domain.put(allowing("lead", ["plan:read"], ["reader"]));
    expect(domain.rolePermissions("reader")).toEqual(["file:read"]);
    expect(domain.rolePermissions("lead")).toEqual(["file:read", "plan:read"]);
  },
  UserPermissions() {
    expect(both().permissions("ada")).toEqual(["file:read", "file:write"]);
    expect(both().permissions("bob")).toEqual([]);
  },
  SessionRoles() {
    // Of the active roles those count that a binding carries: the caller knows which it sent.
    const domain = both();
    domain.put(allowing("other", ["plan:read"]));
    expect(domain.permissions("ada", "reader", "other")).toEqual(["file:read"]);
  },
  SessionPermissions() {
    expect(both().permissions("ada", "writer")).toEqual(["file:write"]);
  },
  RoleOperationsOnObject() {
    const domain = both();
    domain.put(allowing("lead", ["plan:read", "file:write"], ["reader"]));
    const onFile = domain.rolePermissions("lead").filter((permission) => permission.startsWith("file:"));
    expect(onFile).toEqual(["file:read", "file:write"]);
  },
  UserOperationsOnObject() {
    const domain = both();
    domain.put(allowing("planner", ["plan:read"]), ...assigned("ada", "planner"));
    const onFile = domain.permissions("ada").filter((permission) => permission.startsWith("file:"));
    expect(onFile).toEqual(["file:read", "file:write"]);
  },
};

/** Ada is assigned two roles. */
function both(): Domain {
  return new Domain(reader, writer, member("ada"), ...assigned("ada", "reader", "writer"));
}
