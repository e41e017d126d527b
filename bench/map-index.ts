import type { DecisionRequest } from "../engine/decide/request.ts";
import type { AccessGroup, AccessRoleBinding, SidegateObject } from "../engine/model/objects.generated.ts";

/**
 * What one would write in an afternoon: Maps by organization, subject and scope, and a Set of permissions for each role.
 * It knows nothing of windows, Deny rules, resource names, visibility or reasons; it is there to compare times with.
 */
export class MapIndex {
  readonly #permissions = new Map<string, Set<string>>();
  readonly #parents = new Map<string, string>();
  readonly #members = new Set<string>();
  readonly #groups = new Map<string, string[]>();
  /** Roles by "subject scope". */
  readonly #roles = new Map<string, string[]>();

  constructor(objects: Iterable<SidegateObject>) {
    const implied = new Map<string, readonly string[]>();
    for (const object of objects) {
      const { name } = object.metadata;
      if (object.kind === "PermissionCatalog") {
        for (const type of object.spec.resources ?? [])
          for (const verb of type.verbs) implied.set(`${type.name}:${verb.name}`, verb.implies ?? []);
      } else if (object.kind === "AccessRole") {
        const pairs = (object.spec.rules ?? []).flatMap(({ resources, verbs }) =>
          resources.flatMap((type) =>
            verbs.flatMap((verb) =>
              [verb, ...(implied.get(`${type}:${verb}`) ?? [])].map((v) => `${type}:${v}`),
            ),
          ),
        );
        this.#permissions.set(name, new Set(pairs));
      } else if (object.kind === "Environment") {
        this.#parents.set(`environment/${name}`, `organization/${object.spec.organization}`);
      } else if (object.kind === "Membership") {
        this.#members.add(`${object.spec.subject.name} organization/${object.spec.organization}`);
      } else if (object.kind === "AccessGroup") this.#addGroup(object);
      else if (object.kind === "AccessRoleBinding") this.#addBinding(object);
    }
  }

  decide(request: DecisionRequest): boolean {
    const { subjectName, permission, scope } = request;
    const parent = this.#parents.get(scope);
    if (!this.#members.has(`${subjectName} ${parent ?? scope}`)) return false;
    const subjects = [subjectName, ...request.groups, ...(this.#groups.get(subjectName) ?? [])];
    for (const subject of subjects) {
      for (const at of parent === undefined ? [scope] : [scope, parent]) {
        for (const role of this.#roles.get(`${subject} ${at}`) ?? []) {
          if (this.#permissions.get(role)?.has(permission)) return true;
        }
      }
    }
    return false;
  }

  #addGroup({ metadata, spec }: AccessGroup): void {
    for (const { name } of spec.members ?? []) push(this.#groups, name, metadata.name);
  }

  #addBinding({ spec }: AccessRoleBinding): void {
    const scope = `${spec.scope.kind.toLowerCase()}/${spec.scope.name}`;
    for (const { name } of spec.subjects) push(this.#roles, `${name} ${scope}`, spec.role);
  }
}

function push(map: Map<string, string[]>, key: string, value: string): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}
