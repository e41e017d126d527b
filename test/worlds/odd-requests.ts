import fc, { type Arbitrary } from "fast-check";
import { limits } from "../../engine/model/limits.ts";
import type { OracleRequest } from "../oracle/request.ts";

const plain: OracleRequest = {
  subjectKind: "User",
  subjectName: "ann",
  groups: [],
  permission: "doc:view",
  scope: "environment/e",
  resourceName: "",
  activeRoles: [],
};

function long(length: number, prefix = ""): string {
  return prefix + "x".repeat(length - prefix.length);
}

/** Values of single fields at and beyond the edge of what is well-formed. Both sides of each edge are here. */
const oddities: readonly Partial<OracleRequest>[] = [
  ...["", "user", "Group", "AccessGroup", "USER", "toString"].map((subjectKind) => ({ subjectKind })),
  ...["", " ", "system:x", "system", "token:x", "k8s:ann", "k8s", "K8s:ann", "ann:system:"].map(
    (subjectName) => ({ subjectName }),
  ),
  ...["", "x", "/", "ns/", "/x", "ns/bot", "ns/bot/x", "system:ns/bot", "ns//bot"].map((subjectName) => ({
    subjectKind: "ServiceAccount",
    subjectName,
  })),
  ...[
    long(limits.subjectName),
    long(limits.subjectName + 1),
    "𝒳".repeat(limits.subjectName / 2 + 1),
    "\ud800",
  ].map((subjectName) => ({ subjectName })),
  ...[
    [""],
    ["system:authenticated"],
    ["ops", ""],
    ["k8s:x"],
    ["token:x"],
    [long(limits.subjectName)],
    [long(limits.subjectName + 1)],
    ["ops", "ops"],
  ].map((groups) => ({ groups })),
  ...[limits.groups, limits.groups + 1].map((length) => ({
    groups: Array.from({ length }, (_, index) => `g${index}`),
  })),
  ...[
    "",
    ":",
    "doc",
    "doc:",
    ":view",
    "doc:view:",
    "a:doc:view",
    "system:doc:view",
    "system:view",
    "doc:system",
    "k8s:doc:view",
    "doc::view",
    "doc:k8s:view",
    "Doc:view",
    "*:view",
    "doc:*",
    "*:*",
    "__proto__:view",
    "doc:constructor",
    "membership:create",
    "doc:view ",
  ].map((permission) => ({ permission })),
  ...[long(limits.permission, "doc:"), long(limits.permission + 1, "doc:")].map((permission) => ({
    permission,
  })),
  ...[
    "",
    "/",
    "Platform",
    "platform/",
    "platform/x",
    "organization",
    "organization/",
    "organization/a/",
    "organization/a/b",
    "Organization/a",
    "/a",
    "workspace//",
    "environments/e",
    "environment/e ",
    "environment/E",
    "1a",
    "environment/constructor",
    "organization/__proto__",
    "organization/a",
    "workspace/w",
    "platform",
  ].map((scope) => ({ scope })),
  ...[long(limits.scope, "environment/"), long(limits.scope + 1, "environment/")].map((scope) => ({ scope })),
  ...[long(limits.resourceName), long(limits.resourceName + 1), "*", "x*", "\ud800", "x\u0000"].map(
    (resourceName) => ({ resourceName }),
  ),
  ...[
    [""],
    ["r1", ""],
    ["system:r1"],
    ["ghost"],
    ["r1"],
    ["r1", "r1"],
    ["r1", "ghost"],
    ["k8s:x"],
    ["constructor"],
  ].map((activeRoles) => ({ activeRoles })),
  ...[limits.activeRoles, limits.activeRoles + 1].map((length) => ({
    activeRoles: Array.from({ length }, () => "r1"),
  })),
  { stale: true },
];

/** Requests of which most are malformed in one or two respects, and the others only just are not. */
export const oddRequest: Arbitrary<OracleRequest> = fc
  .uniqueArray(fc.constantFrom(...oddities), { minLength: 1, maxLength: 2 })
  .map((found) => Object.assign({}, plain, ...found) as OracleRequest);

const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom("\ud800", "\udc00", "\0", ":", "/", "*", "a", "é", "😀") }),
  fc.constantFrom(
    "__proto__",
    "constructor",
    "toString",
    "ann",
    "doc:view",
    "environment/e",
    "platform",
    "User",
  ),
);

/** Fields of the right types with whatever in them. */
export const garbageRequest: Arbitrary<OracleRequest> = fc.record(
  {
    subjectKind: fc.oneof(fc.constant("User"), fc.constant("ServiceAccount"), anyText),
    subjectName: anyText,
    groups: fc.array(anyText, { maxLength: 5 }),
    permission: fc.oneof(
      anyText,
      fc.tuple(anyText, anyText).map((parts) => parts.join(":")),
    ),
    scope: fc.oneof(
      anyText,
      fc
        .tuple(fc.constantFrom("organization", "workspace", "environment"), anyText)
        .map((parts) => parts.join("/")),
    ),
    resourceName: anyText,
    activeRoles: fc.array(anyText, { maxLength: 3 }),
    token: fc.record({ claims: fc.constant(undefined), text: anyText }),
    stale: fc.boolean(),
  },
  {
    requiredKeys: [
      "subjectKind",
      "subjectName",
      "groups",
      "permission",
      "scope",
      "resourceName",
      "activeRoles",
    ],
  },
);
