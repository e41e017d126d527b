import type { Check } from "../../client/check.ts";
import type { AccessRole, SidegateObject } from "../../engine/model/objects.generated.ts";
import { binding, build } from "../worlds/build.ts";
import type { Evaluation } from "./authzen-data.ts";

const ORGANIZATION = "the-app";
const SCOPE = `organization/${ORGANIZATION}`;

/**
 * The users of the interop scenarios, by the third character of the UUID in their ids. What their ids say to the application,
 * the owner of a todo says as an e-mail address, so the decision point has to know it.
 */
const people: Readonly<Record<string, { readonly email: string; readonly roles: readonly string[] }>> = {
  "0": { email: "rick@the-citadel.com", roles: ["admin", "evil-genius"] },
  "1": { email: "morty@the-citadel.com", roles: ["editor"] },
  "2": { email: "summer@the-smiths.com", roles: ["editor"] },
  "3": { email: "beth@the-smiths.com", roles: ["viewer"] },
  "4": { email: "jerry@the-smiths.com", roles: ["viewer"] },
};

/** Only the owner. A todo that has none said is nobody's. */
const OWN = "has(resource.attributes.ownerID) && resource.attributes.ownerID == member.attributes.email";

/** The manifests of a scenario. @param ids the users' ids, as requests have them */
export function authzenWorld(scenario: "todo" | "gateway", ids: readonly string[]): SidegateObject[] {
  const { types, roles } = scenarios[scenario];
  const users = ids.map((id) => ({ id, ...people[personOf(id)]! }));
  return [
    build("PermissionCatalog", scenario, {
      resources: Object.entries(types).map(([name, verbs]) => ({
        ...{ name, level: "Organization" as const },
        verbs: verbs.map((verb) => ({ name: verb })),
      })),
    }),
    build("Organization", ORGANIZATION, { displayName: "The application" }),
    ...Object.entries(roles).flatMap(([name, rules]) => {
      const holders = users.filter((user) => name === "viewer" || user.roles.includes(name));
      const subjects = holders.map(({ id }) => `User:${id}`);
      const spec = { assignableAt: ["Organization"], rules } as const;
      return [build("AccessRole", name, spec), binding(name, name, subjects, SCOPE)];
    }),
    ...users.map(({ id, email }) =>
      build("Membership", `person-${personOf(id)}`, {
        organization: ORGANIZATION,
        ...{ subject: { kind: "User", name: id }, attributes: { email } },
      }),
    ),
  ];
}

/** An evaluation as a check. */
export function toCheck({ subject, action, resource }: Evaluation): Check {
  return {
    subject: { kind: "User", name: subject.id },
    ...{ permission: `${resource.type}:${action.name}`, scope: SCOPE },
    resource: { name: resource.id, attributes: resource.properties ?? {} },
  };
}

/** An id is Base64 of a message whose first field is a UUID. */
function personOf(id: string): string {
  return /fd(\d)614d3-/.exec(Buffer.from(id, "base64").toString("latin1"))![1]!;
}

type Rules = NonNullable<AccessRole["spec"]["rules"]>;

const scenarios: Readonly<
  Record<
    "todo" | "gateway",
    {
      readonly types: Readonly<Record<string, readonly string[]>>;
      readonly roles: Readonly<Record<string, Rules>>;
    }
  >
> = {
  todo: {
    types: {
      user: ["can_read_user"],
      todo: ["can_read_todos", "can_create_todo", "can_update_todo", "can_delete_todo"],
    },
    roles: {
      viewer: [{ resources: ["user", "todo"], verbs: ["can_read_user", "can_read_todos"] }],
      editor: [
        { resources: ["todo"], verbs: ["can_create_todo"] },
        { resources: ["todo"], verbs: ["can_update_todo", "can_delete_todo"], when: OWN },
      ],
      admin: [{ resources: ["todo"], verbs: ["can_create_todo", "can_delete_todo"] }],
      "evil-genius": [{ resources: ["todo"], verbs: ["can_update_todo"] }],
    },
  },
  gateway: {
    types: { route: ["GET", "POST", "PUT", "DELETE"] },
    roles: {
      viewer: [{ resources: ["route"], verbs: ["GET"] }],
      editor: [
        { resources: ["route"], verbs: ["POST"], names: ["/todos"] },
        { resources: ["route"], verbs: ["PUT", "DELETE"], names: ["/todos/{todoId}"] },
      ],
      admin: [
        { resources: ["route"], verbs: ["POST"], names: ["/todos"] },
        { resources: ["route"], verbs: ["DELETE"], names: ["/todos/{todoId}"] },
      ],
      "evil-genius": [{ resources: ["route"], verbs: ["PUT"], names: ["/todos/{todoId}"] }],
    },
  },
};
