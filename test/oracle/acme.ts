import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import { binding, build, role } from "../worlds/build.ts";
import type { OracleRequest } from "./request.ts";

/** When the tests of this folder ask, in milliseconds since 1970. */
export const NOW = Date.parse("2024-06-01T00:00:00Z");

/** An organization with a workspace, two environments and one member, ann, who is bound to nothing. */
export const acme: readonly SidegateObject[] = [
  build("PermissionCatalog", "core", {
    resources: [
      { name: "sys", level: "Platform", verbs: [{ name: "run" }] },
      { name: "bill", level: "Organization", verbs: [{ name: "view" }] },
      { name: "job", level: "Workspace", verbs: [{ name: "view" }] },
      {
        name: "doc",
        level: "Environment",
        verbs: [{ name: "view" }, { name: "edit", implies: ["view"] }, { name: "own", implies: ["edit"] }],
      },
    ],
  }),
  build("Organization", "acme", {}),
  build("Workspace", "lab", { organization: "acme" }),
  build("Environment", "prod", { organization: "acme" }),
  build("Environment", "test", { workspace: "lab" }),
  build("Organization", "rival", {}),
  build("Membership", "ann", { organization: "acme", subject: { kind: "User", name: "ann" } }),
];

/** May ann view documents in acme's production? */
export const question: OracleRequest = {
  subjectKind: "User",
  subjectName: "ann",
  groups: [],
  permission: "doc:view",
  scope: "environment/prod",
  resourceName: "",
  activeRoles: [],
};

export const viewer = role("viewer", { rules: [{ resources: ["doc"], verbs: ["view"] }] });
export const owner = role("owner", { rules: [{ resources: ["doc"], verbs: ["own"] }] });
export const denier = role("denier", { rules: [{ effect: "Deny", resources: ["doc"], verbs: ["view"] }] });
export const atProd = binding("b", "viewer", "User:ann", "environment/prod");
