import type { LoadedConstraint } from "../policy/loaded-constraints.ts";
import type { StandingGrant } from "./standing-grant.ts";

/** A grant in a unit, with the indexes of the constraint's roles that it names or carries. */
export interface Part {
  readonly grant: StandingGrant;
  readonly members: readonly number[];
  readonly isAtPlatform: boolean;
}

/**
 * What the grants of a unit hold of the roles of one constraint, gathered once, so that each of many grants can be judged
 * without looking at all others. INVARIANT: grants at Platform are judged by those at Platform alone, and those that are
 * no defaults by those that are none.
 */
export class HeldRoles {
  /** A grant for each role that is held, by the index of the role: at Platform; by no default; by any that may stay. */
  readonly platform = new Map<number, StandingGrant>();
  readonly given = new Map<number, StandingGrant>();
  readonly all = new Map<number, StandingGrant>();
  readonly #constraint: LoadedConstraint;

  constructor(constraint: LoadedConstraint, parts: readonly Part[]) {
    this.#constraint = constraint;
    for (const part of parts) {
      if (part.isAtPlatform) note(this.platform, part);
      if (!part.grant.isDefault) note(this.given, part);
    }
    for (const [member, grant] of this.given) this.all.set(member, grant);
    for (const part of parts) {
      const stays = constraint.kind !== "Static" || !this.#isTooMany(this.given, part.members);
      if (part.grant.isDefault && stays) note(this.all, part);
    }
  }

  /** The other party of a conflict that voids a grant of the unit, or undefined. */
  findRival(part: Part): StandingGrant | undefined {
    return this.#constraint.kind === "Exclusive" ? this.#outranking(part) : this.#overloading(part);
  }

  /**
   * In an exclusive set the grant whose role stands first, unless that is the role itself. A default yields to whichever
   * other role is given, even if its own role is given too and stays.
   */
  #outranking({ grant, members, isAtPlatform }: Part): StandingGrant | undefined {
    if (grant.isDefault) for (const [member, other] of this.given) if (member !== members[0]) return other;
    const rivals =
      isAtPlatform || this.platform.size > 0 ? this.platform : this.given.size > 0 ? this.given : this.all;
    const first = Math.min(...rivals.keys());
    return members[0] === first ? undefined : rivals.get(first);
  }

  #overloading(part: Part): StandingGrant | undefined {
    const { grant, members, isAtPlatform } = part;
    if (!grant.isDefault) {
      const rivals = isAtPlatform ? this.platform : this.given;
      return this.#isTooMany(rivals, []) ? otherParty(rivals, part) : undefined;
    }
    if (this.#isTooMany(this.given, members)) return otherParty(this.given, part);
    return this.#isTooMany(this.all, []) ? otherParty(this.all, part) : undefined;
  }

  #isTooMany(held: ReadonlyMap<number, StandingGrant>, more: readonly number[]): boolean {
    const others = more.filter((member) => !held.has(member));
    return held.size + others.length > this.#constraint.atMost;
  }
}

function note(held: Map<number, StandingGrant>, { grant, members }: Part): void {
  for (const member of members) if (!held.has(member)) held.set(member, grant);
}

/** A grant that carries a role which this one does not; else the grant itself. */
function otherParty(held: ReadonlyMap<number, StandingGrant>, { grant, members }: Part): StandingGrant {
  for (const [member, other] of held) if (!members.includes(member)) return other;
  return grant;
}
