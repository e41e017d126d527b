import type { AccessRoleBinding, Membership } from "../model/objects.generated.ts";
import { memberKey } from "../model/references.ts";
import { countingMembership } from "../model/scope-tree.ts";
import { subjectKey } from "../model/subject.ts";
import { isTerminating, type World } from "../model/world.ts";
import { readBinding } from "./binding-row.ts";
import type { GrantChanges } from "./edit-grants.ts";

/** More changes than these are not made one by one: then everything is compiled anew. */
const MOST = 1_000;

/** The bindings and Memberships of a shard that may not be as they were compiled. */
export class ChangedRows {
  readonly #bindings: Set<string>;
  readonly #members: Map<string, Membership>;

  /** @param origin what changed already */
  constructor(origin?: ChangedRows) {
    this.#bindings = new Set(origin === undefined ? [] : origin.#bindings);
    this.#members = new Map(origin === undefined ? [] : origin.#members);
  }

  note(object: AccessRoleBinding | Membership): void {
    if (object.kind === "AccessRoleBinding") this.#bindings.add(object.metadata.name);
    else this.#members.set(memberKey(object.spec), object);
  }

  /** What there is of them now; undefined: too much, or what has no place in a shard. */
  changesIn(world: World): GrantChanges | undefined {
    if (this.#bindings.size + this.#members.size > MOST) return undefined;
    const bindings: GrantChanges["bindings"] = new Map(
      [...this.#bindings].map((name) => {
        const binding = world.get("AccessRoleBinding", name);
        return [name, binding === undefined || isTerminating(binding) ? undefined : readBinding(binding)];
      }),
    );
    const members = new Map<string, Membership | undefined>();
    for (const member of this.#members.values()) {
      const { kind, name } = member.spec.subject;
      const key = subjectKey(kind, name);
      if (key === undefined) return undefined;
      members.set(key, countingMembership(world, member));
    }
    return { bindings, members };
  }
}
