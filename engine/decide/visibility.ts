import { Level } from "../model/scope.ts";
import type { LoadedGrants } from "../policy/loaded-grants.ts";
import type { LoadedModel } from "../policy/loaded-model.ts";
import type { Policy } from "../policy/policy.ts";
import { isFitting } from "./is-fitting.ts";
import { type KeySet, SUBJECT } from "./key-set.ts";
import { Overlaps } from "./overlaps.ts";
import type { Place } from "./place.ts";
import type { ResolvedScope } from "./resolve-scope.ts";
import { type GrantVisitor, someGrant } from "./some-grant.ts";
import type { StandingSet } from "./standing-set.ts";
import { standingAt, Unit, unitAt } from "./unit.ts";

/**
 * Whether a subject sees a scope (semantics, section 5): some permission of the scope's level is allowed there or could be,
 * or the same holds for a scope below.
 *
 * @param now milliseconds since 1970
 */
export function isVisible(policy: Policy, keys: KeySet, scope: ResolvedScope, now: number): boolean {
  const view = new View(policy, keys, now);
  const { grants, row, level } = scope;
  if (view.isOpen(view.masksAt(scope, clearMasks(policy.model)), level)) return true;
  if (level === Level.Environment) return false;
  const base = view.masksAt({ grants: policy.platform, row: 0 }, emptyMasks(policy.model));
  if (grants !== policy.platform) return view.seesBelow(grants, row, base);
  return policy.organizations.some((organization) => view.seesBelow(organization, 0, base));
}

/** What is possible at a scope: the permissions that some Allow rule may give and those that a plain Deny takes away. */
interface Masks {
  readonly possible: Uint32Array;
  readonly denied: Uint32Array;
}

// Deciding is synchronous, so one pair serves all requests: most need no other, and making one costs as much as filling it.
let shared: Masks = { possible: new Uint32Array(), denied: new Uint32Array() };

/** The shared masks, empty. */
function clearMasks(model: LoadedModel): Masks {
  if (shared.possible.length !== model.catalog.words) return (shared = emptyMasks(model));
  const { possible, denied } = shared;
  for (let word = 0; word < possible.length; word++) possible[word] = denied[word] = 0;
  return shared;
}

function emptyMasks({ catalog }: LoadedModel): Masks {
  return { possible: new Uint32Array(catalog.words), denied: new Uint32Array(catalog.words) };
}

function copyMasks({ possible, denied }: Masks): Masks {
  return { possible: possible.slice(), denied: denied.slice() };
}

class View implements GrantVisitor {
  readonly #policy: Policy;
  readonly #model: LoadedModel;
  readonly #keys: KeySet;
  readonly #now: number;
  #key = SUBJECT;
  #isMember = false;
  #target: Masks | undefined;
  #overlaps: Overlaps;
  // The unit of the place that is looked at, if its grants may conflict.
  #unit: Unit | undefined;
  // What stands in a shard, the last that was asked for.
  #standing: StandingSet | undefined;
  #standingIn: LoadedGrants | undefined;

  constructor(policy: Policy, keys: KeySet, now: number) {
    this.#policy = policy;
    this.#model = policy.model;
    this.#keys = keys;
    this.#now = now;
    this.#overlaps = new Overlaps(policy.model.constraints);
  }

  /** Adds what the grants that apply at a place make of it. @param masks empty @returns `masks` */
  masksAt(place: Place, masks: Masks): Masks {
    this.#target = masks;
    this.#unit = undefined;
    this.#overlaps = new Overlaps(this.#model.constraints);
    this.#walk(place);
    if (!this.#overlaps.mayConflict) return masks;
    this.#unit = this.#unitAt(place);
    masks.possible.fill(0);
    this.#walk(place);
    return masks;
  }

  /** Where units are whole organizations, what stands in them is gathered once for all scopes that are looked at. */
  #unitAt(place: Place): Unit {
    const policy = this.#policy;
    const { grants } = place;
    if (!this.#model.constraints.hasWide) return unitAt(policy, this.#keys, place, this.#now);
    if (this.#standingIn !== grants) {
      this.#standingIn = grants;
      this.#standing = standingAt(policy, this.#keys, place, this.#now);
    }
    return new Unit(policy, place, this.#standing!);
  }

  #walk({ grants, row }: Place): void {
    const { platform } = this.#policy;
    this.#eachKey(platform, (subject) => someGrant(platform, subject, 0, this));
    if (grants !== platform) this.#eachKey(grants, (subject) => someGrant(grants, subject, row, this));
  }

  visit(grants: LoadedGrants, grant: number): boolean {
    if (this.#target !== undefined) this.#add(grants, grant, this.#target);
    return false;
  }

  /** Whether a permission of the level is possible and not denied. */
  isOpen({ possible, denied }: Masks, level: Level): boolean {
    const ofLevel = this.#model.catalog.levelMasks[level]!;
    for (let word = 0; word < ofLevel.length; word++) {
      if ((ofLevel[word]! & possible[word]! & ~denied[word]!) !== 0) return true;
    }
    return false;
  }

  /**
   * Whether the scope in a row, or one below it, is seen. Rows stand after their parents, so one pass will do.
   *
   * @param base what is possible at Platform
   */
  seesBelow(grants: LoadedGrants, row: number, base: Masks): boolean {
    const bound = this.#boundScopes(grants);
    if (bound.size === 0 && base.possible.every((mask) => mask === 0)) return false;
    const isConstrained = this.#isConstrained(grants, bound.values());
    const isInside = new Uint8Array(grants.scopes.size);
    const masks: Masks[] = [];
    for (let scope = 0; scope < grants.scopes.size; scope++) {
      const parent = grants.parentOf(scope);
      const inherited = scope === 0 ? base : masks[parent]!;
      // Grants that conflict with others are void where both apply, so what is inherited may not hold here.
      masks[scope] =
        isConstrained && (bound.has(scope) || scope === 0)
          ? this.masksAt({ grants, row: scope }, emptyMasks(this.#model))
          : this.#withBindings(grants, bound.get(scope), inherited);
      isInside[scope] = scope === row || (scope !== 0 && isInside[parent]) ? 1 : 0;
      if (isInside[scope] && this.isOpen(masks[scope]!, grants.levelOf(scope))) return true;
    }
    return false;
  }

  #isConstrained(grants: LoadedGrants, bound: Iterable<readonly BoundKey[]>): boolean {
    const { constraints } = this.#model;
    for (const ofScope of bound) {
      for (const { grant } of ofScope) {
        const role = grants.roleOf(grant, this.#model);
        if (role >= 0 && constraints.setsOf(role) !== 0) return true;
      }
    }
    return false;
  }

  #withBindings(grants: LoadedGrants, bound: readonly BoundKey[] | undefined, inherited: Masks): Masks {
    if (bound === undefined) return inherited;
    const masks = copyMasks(inherited);
    for (const { key, isMember, grant } of bound) {
      this.#key = key;
      this.#isMember = isMember;
      this.#add(grants, grant, masks);
    }
    return masks;
  }

  /** The subject's grants in a shard by the scope that they name. */
  #boundScopes(grants: LoadedGrants): Map<number, BoundKey[]> {
    const bound = new Map<number, BoundKey[]>();
    this.#eachKey(grants, (subject) => {
      for (let grant = grants.firstGrant(subject); grant < grants.endOfGrants(subject); grant++) {
        const scope = grants.scopeOf(grant);
        const others = bound.get(scope) ?? [];
        bound.set(scope, others);
        others.push({ key: this.#key, isMember: this.#isMember, grant });
      }
    });
    return bound;
  }

  #eachKey(grants: LoadedGrants, look: (subject: number) => void): void {
    const isOpen = grants === this.#policy.platform || !this.#model.membershipRequired;
    this.#isMember = isOpen;
    for (let key = 0; key < this.#keys.count; key++) {
      const subject = this.#keys.rowIn(grants, key);
      if (key === SUBJECT && !isOpen) this.#isMember = grants.isMember(subject, this.#now);
      this.#key = key;
      if (subject >= 0) look(subject);
    }
  }

  /** Whether no constraint voids the grant at the place. */
  #holds(grants: LoadedGrants, grant: number, role: number): boolean {
    if (this.#unit === undefined || this.#model.constraints.setsOf(role) === 0) return true;
    return this.#unit.holds(grants, grant);
  }

  #add(grants: LoadedGrants, grant: number, { possible, denied }: Masks): void {
    const role = grants.roleOf(grant, this.#model);
    if (role < 0) return;
    this.#overlaps.note(role);
    if (!grants.isInForce(grant, this.#now)) return;
    const { roles } = this.#model;
    const at = roles.at(role);
    const key = this.#key;
    const counts =
      this.#isMember &&
      this.#keys.counts[key]! &&
      isFitting(this.#model, grants, grant, role, this.#keys.owners[key]!) &&
      this.#holds(grants, grant, role);
    const takesAway = !grants.isConditional(grant) && !grants.isDefault(grant);
    for (let word = 0; word < possible.length; word++) {
      if (counts) possible[word]! |= roles.all.allow[at + word]! | roles.all.narrowAllow[at + word]!;
      if (takesAway) denied[word]! |= roles.all.deny[at + word]!;
    }
  }
}

/** A grant of the subject, and the key that it is given to. */
interface BoundKey {
  readonly key: number;
  readonly isMember: boolean;
  readonly grant: number;
}
