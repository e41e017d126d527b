import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import { binding, build } from "../worlds/build.ts";
import type { AccessMatrix, MinedRole } from "./role-mining-data.ts";

export const ORGANIZATION = "company";

/** Where all is asked. */
export const SCOPE = `organization/${ORGANIZATION}`;

/** Entries of one list in a manifest. */
const MOST = 256;

/** The permission of a number, and the other way round. */
export function permissionOf(permission: number): string {
  return `${typeOf(permission)}:use`;
}

export function userOf(user: number): string {
  return `user-${user}`;
}

/** One company as manifests: a type for each permission, each role with one binding, all users members. */
export function companyWorld(matrix: AccessMatrix, roles: readonly MinedRole[]): SidegateObject[] {
  const types = inParts(upTo(matrix.permissions)).map((part, index) =>
    build("PermissionCatalog", `permissions-${index + 1}`, {
      resources: part.map((each) => ({
        ...{ name: typeOf(each), level: "Organization" as const },
        verbs: [{ name: "use" }],
      })),
    }),
  );
  const members = upTo(matrix.users).map((user) =>
    build("Membership", userOf(user), {
      organization: ORGANIZATION,
      subject: { kind: "User", name: userOf(user) },
    }),
  );
  return [build("Organization", ORGANIZATION, {}), ...types, ...members, ...roles.flatMap(roleWithBinding)];
}

function roleWithBinding({ name, permissions, users }: MinedRole): SidegateObject[] {
  const rules = inParts(permissions).map((part) => ({ resources: part.map(typeOf), verbs: ["use"] }));
  const subjects = users.map((user) => `User:${userOf(user)}`);
  return [
    build("AccessRole", `role-${name}`, { assignableAt: ["Organization"], rules }),
    binding(`role-${name}`, `role-${name}`, subjects, SCOPE),
  ];
}

function typeOf(permission: number): string {
  return `permission-${permission}`;
}

/** The numbers from 1. */
export function upTo(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}

function inParts<T>(all: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(all.length / MOST) }, (_, index) =>
    all.slice(index * MOST, (index + 1) * MOST),
  );
}
