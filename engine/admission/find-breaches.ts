import { expandGroups } from "../decide/expand-groups.ts";
import { KeySet } from "../decide/key-set.ts";
import type { StandingGrant } from "../decide/standing-grant.ts";
import { gatherCandidatesIn } from "../decide/standing-grants.ts";
import { StandingSet } from "../decide/standing-set.ts";
import { Unit } from "../decide/unit.ts";
import { changedParts, type Steps } from "../diff/changed-parts.ts";
import type { Region } from "../diff/compare-subject.ts";
import { GroupMembers } from "../diff/group-changes.ts";
import type { SubjectReference } from "../model/objects.generated.ts";
import { AUTHENTICATED, readSubjectKey, SubjectDigit } from "../model/subject.ts";
import type { LoadedConstraint } from "../policy/loaded-constraints.ts";
import type { LoadedGrants } from "../policy/loaded-grants.ts";
import type { Policy } from "../policy/policy.ts";
import { scopeText } from "../policy/scope-text.ts";

/** A grant that takes part in a conflict. */
export interface Party {
  readonly role: string;
  /** As requests write it. */
  readonly scope: string;
  /** The AccessRoleBinding. */
  readonly binding: string;
}

/** A grant that a constraint would come to void (semantics, section 6). */
export interface Breach {
  readonly constraint: LoadedConstraint;
  /** Names of the constraint's roles, in its order. */
  readonly roles: readonly string[];
  readonly subject: SubjectReference;
  readonly grant: Party;
  /** The other one; the grant itself where its role alone carries too many. */
  readonly by: Party;
  /** When it begins, in milliseconds since 1970; undefined: now. */
  readonly from: number | undefined;
}

/**
 * The grants that static separation of duty or an exclusive set voids after a change and did not before, now or at any time to
 * come: of every subject that bindings or groups name, with the windows that bindings have. What stands already and is void
 * already is no breach, nor is what becomes of defaults, which yield. Yields undefined now and then on the way.
 *
 * Of each grant one breach of each constraint is told, the first in time at the first place.
 *
 * @param now milliseconds since 1970
 */
export function* findBreaches(before: Policy, after: Policy, now: number): Steps<Breach> {
  if (after.model.constraints.voiding.length === 0) return;
  const members = new GroupMembers(before, after);
  let region: Region | undefined;
  let concerned: ReadonlySet<string> = new Set();
  for (const part of changedParts(before, after, now)) {
    if (part === undefined) {
      yield undefined;
      continue;
    }
    if (part.region !== region) {
      region = part.region;
      concerned = members.below(yield* constrainedKeys(after, region.after));
    }
    const isConcerned = concerned.has(part.subject) || concerned.has(EVERYONE);
    if (isConcerned) yield* breachesOf(before, after, part.region, part.subject, now);
  }
}

const EVERYONE = SubjectDigit.Group + AUTHENTICATED;

/** Subjects that are looked at without a pause. */
const BREATH = 512;

/** The keys that have a grant of a constrained role in a shard: whoever acts under none of them has nothing void there. */
function* constrainedKeys({ model }: Policy, grants: Region["after"]): Generator<undefined, Set<string>> {
  const keys = new Set<string>();
  if (grants === undefined) return keys;
  const { constraints } = model;
  for (let row = 0; row < grants.subjects.size; row++) {
    if (row % BREATH === BREATH - 1) yield undefined;
    for (let grant = grants.firstGrant(row); grant < grants.endOfGrants(row); grant++) {
      const role = grants.roleOf(grant, model);
      if (role < 0 || constraints.setsOf(role) === 0) continue;
      keys.add(grants.subjects.text(row));
      break;
    }
  }
  return keys;
}

function* breachesOf(
  before: Policy,
  after: Policy,
  region: Region,
  subject: string,
  now: number,
): Steps<Breach> {
  const made = new Side(after, region.after, subject, now);
  if (!made.mayConflict()) return;
  // Not `region.before`, which of a scope that moved is the organization where it was.
  const { organization } = region.after as LoadedGrants;
  const grants = organization === "" ? before.platform : before.organizations.get(organization);
  const old = new Side(before, grants, subject, now);
  const told = new Set<string>();
  const instants = [...new Set([now, ...made.turns(now), ...old.turns(now)])].sort((a, b) => a - b);
  for (const row of made.rows()) {
    const place = old.nearestTo(made.grants!, row);
    for (const instant of instants) {
      yield undefined;
      const voids = made.voidsAt(row, instant);
      if (voids.length === 0) continue;
      const known = new Set(old.voidsAt(place, instant).map(({ key }) => key));
      for (const { key, constraint, grant, by } of voids) {
        if (known.has(key) || told.has(key)) continue;
        told.add(key);
        yield {
          constraint,
          roles: constraint.roles.map((role) => after.model.roles.names[role]!),
          subject: readSubjectKey(subject),
          grant: partyOf(after, grant),
          by: partyOf(after, by),
          from: instant === now ? undefined : instant,
        };
      }
    }
  }
}

interface VoidGrant {
  /** Names the grant and the constraint in either policy. */
  readonly key: string;
  readonly constraint: LoadedConstraint;
  readonly grant: StandingGrant;
  readonly by: StandingGrant;
}

/** What one subject has in a shard, and at Platform, that constraints ask about. */
class Side {
  readonly grants: LoadedGrants | undefined;
  readonly #policy: Policy;
  readonly #keys = new KeySet();
  readonly #candidates: readonly StandingGrant[];

  constructor(policy: Policy, grants: LoadedGrants | undefined, subject: string, now: number) {
    const { constraints } = policy.model;
    this.#policy = policy;
    this.grants = grants;
    this.#keys.start(subject.charCodeAt(0), subject.slice(1));
    expandGroups(policy, this.#keys, now);
    const asks = (role: number) => constraints.setsOf(role) !== 0;
    this.#candidates =
      grants === undefined
        ? []
        : gatherCandidatesIn(policy, this.#keys, grants, now, asks).filter(({ isDefault }) => !isDefault);
  }

  mayConflict(): boolean {
    const { constraints } = this.#policy.model;
    const own = this.#candidates.filter(({ grants }) => grants === this.grants);
    if (own.length === 0) return false;
    return this.#candidates.length > 1 || own.some(({ role }) => constraints.needsCloserLook(role));
  }

  /** The instants after which something else stands. */
  turns(now: number): number[] {
    return this.#candidates.flatMap(({ grants, grant }) => {
      const { notBefore, expires } = grants.windowOf(grant);
      return [notBefore, expires].filter((instant) => instant > now && Number.isFinite(instant));
    });
  }

  /** The scopes that grants of the shard name: anywhere else is like the nearest of these above. */
  rows(): number[] {
    const own = this.#candidates.filter(({ grants }) => grants === this.grants);
    return [...new Set(own.map(({ scope }) => scope))].sort((a, b) => a - b);
  }

  /** The row of a scope of another shard, or of the nearest above it that is here as well; -1: of none. */
  nearestTo(other: LoadedGrants, scope: number): number {
    for (let row = scope; ; row = other.parentOf(row)) {
      const found = this.grants?.scopes.findText(other.scopes.text(row)) ?? -1;
      if (found >= 0 || row === 0) return found;
    }
  }

  /** What is void at a scope at an instant, of the grants of the shard. */
  voidsAt(row: number, instant: number): VoidGrant[] {
    const { grants } = this;
    if (grants === undefined || row < 0) return [];
    const standing = this.#candidates
      .filter((candidate) => candidate.grants.isInForce(candidate.grant, instant))
      .map((candidate) => ({ ...candidate, isInForce: true }));
    const unit = new Unit(this.#policy, { grants, row }, new StandingSet(this.#policy, standing));
    return standing
      .filter((grant) => grant.grants === grants)
      .flatMap((grant) =>
        [...unit.voidsOf(grant)].map(({ constraint, by }) => {
          const { binding, role, scope } = partyOf(this.#policy, grant);
          const key = [constraint.name, binding, role, scope, this.#keys.text(grant.key)].join("\n");
          return { key, constraint, grant, by };
        }),
      );
  }
}

function partyOf({ model }: Policy, { grants, grant, role, scope }: StandingGrant): Party {
  return {
    role: model.roles.names[role]!,
    scope: scopeText(grants, scope),
    binding: grants.bindingName(grant),
  };
}
