import { judgeWrite } from "../../engine/delegate/judge-write.ts";
import type { RbacVerb, Refusal } from "../../engine/delegate/judgement.ts";
import { kubernetesWriter } from "../../engine/delegate/writer.ts";
import type {
  AccessGroup,
  AccessRoleBinding,
  Membership,
  SidegateObject,
} from "../../engine/model/objects.generated.ts";
import { World } from "../../engine/model/world.ts";
import { loadCompiled } from "../../engine/policy/load-compiled.ts";
import { compile } from "../properties/engine.ts";
import { binding, build, role } from "../worlds/build.ts";

const NOW = Date.parse("2026-01-01T00:00:00Z");
export const later = "2026-06-01T00:00:00Z";
export const over = "2025-01-01T00:00:00Z";
export const acme = "organization/acme";

export const member = (user: string, spec: Partial<Membership["spec"]> = {}) =>
  build("Membership", `acme-${user}`, {
    organization: "acme",
    subject: { kind: "User", name: user },
    ...spec,
  });
export const group = (name: string, ...members: string[]) =>
  build("AccessGroup", name, {
    members: members.map((text) => {
      const [kind, of = ""] = text.split(":") as [AccessGroup["kind"], string];
      return { kind, name: of } as never;
    }),
  });

/** A writer, "boss", who may move the role "staff" and admit; nobody else may do anything. */
const stage: readonly SidegateObject[] = [
  build("PermissionCatalog", "c", {
    resources: [{ name: "doc", level: "Organization", verbs: [{ name: "view" }, { name: "edit" }] }],
  }),
  build("Organization", "acme", {}),
  build("Environment", "prod", { organization: "acme" }),
  member("ann"),
  member("bob"),
  member("k8s:boss"),
  role("staff", {}),
  role("rival", {}),
  role("other", {}),
  role("boss", {
    rules: [
      { resources: ["membership"], verbs: ["create"] },
      { resources: ["doc"], verbs: ["view"] },
    ],
    grants: [{ roles: ["staff", "rival"], levels: ["Organization"] }],
  }),
  binding("boss", "boss", ["User:k8s:boss", "User:ann"], acme),
  build("AccessConstraint", "one", { exclusive: { roles: ["staff", "rival"] } }),
];

/** A write in that domain, of whoever is named, and what RBAC allows them: "bind AccessRole/staff". */
export interface Write {
  readonly before?: SidegateObject;
  readonly after?: SidegateObject;
  readonly by?: string;
  readonly verbs?: readonly string[];
  readonly others?: readonly SidegateObject[];
}

/** What is refused of a write. */
export function judge({ before, after, by = "boss", verbs = [], others = [] }: Write): Refusal[] {
  const objects = [...stage, ...others, ...(before ? [before] : [])];
  const world = new World("shop");
  for (const object of objects) world.put(object);
  const hasVerb = ({ verb, kind, name }: RbacVerb) => verbs.includes(`${verb} ${kind}/${name}`);
  const grounds = {
    world,
    policy: loadCompiled(compile(objects)),
    writer: kubernetesWriter(by, []),
    hasVerb,
    now: NOW,
  };
  return judgeWrite(grounds, { before, after });
}

/** The fields that are at fault. */
export const paths = (write: Write) => judge(write).map(({ path }) => path);
/** The binding that is written. */
export const bind = (
  subjects: string | string[],
  spec: Partial<AccessRoleBinding["spec"]> = {},
  name = "staff",
) => binding("b", name, subjects, acme, spec);
