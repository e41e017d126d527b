import type { AccessGroup } from "../../engine/model/objects.generated.ts";
import type { Existing } from "./existing.ts";

/** One of the names that a binding may give a grant to. */
export interface Identity {
  readonly kind: string;
  readonly name: string;
}

/** Who asks, as the request says. */
export interface Asker extends Identity {
  /** Asserted groups. */
  readonly groups: readonly string[];
  /** The TokenPolicy of a valid token. */
  readonly tokenPolicy?: string | undefined;
}

/**
 * Section 3: the asker, the groups that it is asserted to be in, `system:authenticated` ("every subject has" it), with a
 * token the group that section 7 adds, and the AccessGroups that hold one of these or one another ("cycles are harmless").
 * "They never match one another": kind and name both count.
 *
 * @param counts whether a group counts for the asker, "on the way to other groups too"
 */
export function identitiesOf(
  world: Existing,
  asker: Asker,
  counts: (group: AccessGroup) => boolean,
): Identity[] {
  const identities: Identity[] = [
    { kind: asker.kind, name: asker.name },
    { kind: "Group", name: "system:authenticated" },
    ...asker.groups.map((name) => ({ kind: "Group", name })),
    // "A valid token adds the group `token:POLICY`."
    ...(asker.tokenPolicy === undefined ? [] : [{ kind: "Group", name: `token:${asker.tokenPolicy}` }]),
  ];
  // Adds a group whose member was found until nothing is added any more.
  for (let before = 0; before < identities.length; ) {
    before = identities.length;
    for (const group of world.groups) {
      const identity = { kind: "AccessGroup", name: group.metadata.name };
      if (identities.some((known) => isSame(known, identity)) || !counts(group)) continue;
      if ((group.spec.members ?? []).some((member) => identities.some((known) => isSame(known, member)))) {
        identities.push(identity);
      }
    }
  }
  return identities;
}

export function isSame(a: Identity, b: Identity): boolean {
  return a.kind === b.kind && a.name === b.name;
}
