import { Level } from "../model/scope.ts";
import type { LoadedGrants } from "../policy/loaded-grants.ts";
import type { LoadedModel } from "../policy/loaded-model.ts";
import type { Policy } from "../policy/policy.ts";
import { SUBJECT } from "./expand-groups.ts";
import { isFitting } from "./is-fitting.ts";
import type { KeySet } from "./key-set.ts";
import type { ResolvedScope } from "./resolve-scope.ts";

/**
 * Whether a subject sees a scope (semantics, section 5): some permission of the scope's level is allowed there or could be,
 * or the same holds for a scope below.
 *
 * @param now milliseconds since 1970
 */
export function isVisible(
  policy: Policy,
  keys: KeySet,
  { grants, row }: ResolvedScope,
  now: number,
): boolean {
  const view = new View(policy, keys, now);
  const base = view.masksAtPlatform();
  if (grants !== policy.platform) return view.seesBelow(grants, row, base);
  if (view.isOpen(base, Level.Platform)) return true;
  for (const organization of policy.organizations.values()) {
    if (view.seesBelow(organization, 0, base)) return true;
  }
  return false;
}

/** What is possible at a scope: the permissions that some Allow rule may give and those that a plain Deny takes away. */
interface Masks {
  readonly possible: Uint32Array;
  readonly denied: Uint32Array;
}

class View {
  readonly #policy: Policy;
  readonly #model: LoadedModel;
  readonly #keys: KeySet;
  readonly #now: number;

  constructor(policy: Policy, keys: KeySet, now: number) {
    this.#policy = policy;
    this.#model = policy.model;
    this.#keys = keys;
    this.#now = now;
  }

  masksAtPlatform(): Masks {
    const { words } = this.#model.catalog;
    const none: Masks = { possible: new Uint32Array(words), denied: new Uint32Array(words) };
    return this.#gather(this.#policy.platform, none).get(0) ?? none;
  }

  /** Whether a permission of the level is possible and not denied. */
  isOpen({ possible, denied }: Masks, level: Level): boolean {
    const ofLevel = this.#model.catalog.levelMasks[level]!;
    return ofLevel.some((mask, word) => (mask & possible[word]! & ~denied[word]!) !== 0);
  }

  /** Whether the scope in a row, or one below it, is seen. Rows stand after their parents. */
  seesBelow(grants: LoadedGrants, row: number, base: Masks): boolean {
    const own = this.#gather(grants, base);
    if (own.size === 0 && !this.#mayBeOpen(base)) return false;
    const inside = new Uint8Array(grants.scopes.size);
    const masks: Masks[] = [];
    for (let scope = 0; scope < grants.scopes.size; scope++) {
      const parent = grants.scopeParent[scope]!;
      const inherited = scope === 0 ? base : masks[parent]!;
      const added = own.get(scope);
      masks[scope] = added === undefined ? inherited : union(inherited, added);
      inside[scope] = scope === row || (scope !== 0 && inside[parent]) ? 1 : 0;
      if (inside[scope] && this.isOpen(masks[scope]!, grants.levelOf(scope))) return true;
    }
    return false;
  }

  #mayBeOpen(base: Masks): boolean {
    return base.possible.some((mask, word) => (mask & ~base.denied[word]!) !== 0);
  }

  /** What the subject's bindings add, by the row of the scope that they name. */
  #gather(grants: LoadedGrants, like: Masks): Map<number, Masks> {
    const masks = new Map<number, Masks>();
    const keys = this.#keys;
    let isMember = grants === this.#policy.platform || !this.#model.membershipRequired;
    for (let key = 0; key < keys.count; key++) {
      const subject = grants.subjects.find(keys.bytes, keys.starts[key]!, keys.ends[key]!, keys.hashes[key]!);
      if (key === SUBJECT && !isMember) isMember = grants.isMember(subject, this.#now);
      if (subject < 0) continue;
      for (let at = grants.firstGrant(subject); at < grants.subjectGrantEnds[subject]!; at++) {
        this.#add(grants, grants.grantBinding[at]!, key, isMember, masks, like.possible.length);
      }
    }
    return masks;
  }

  #add(
    grants: LoadedGrants,
    binding: number,
    key: number,
    isMember: boolean,
    masks: Map<number, Masks>,
    words: number,
  ): void {
    const role = grants.roleOf(binding, this.#model);
    if (role < 0 || !grants.isInForce(binding, this.#now)) return;
    const scope = grants.scopeOf(binding);
    let here = masks.get(scope);
    if (here === undefined)
      masks.set(scope, (here = { possible: new Uint32Array(words), denied: new Uint32Array(words) }));
    const { all } = this.#model.roles;
    const at = this.#model.roles.at(role);
    const counts =
      isMember &&
      this.#keys.counts[key]! &&
      isFitting(this.#model, grants, binding, role, this.#keys.owners[key]!);
    const takesAway = !grants.isConditional(binding) && !grants.isDefault(binding);
    for (let word = 0; word < words; word++) {
      if (counts) here.possible[word]! |= all.allow[at + word]! | all.narrowAllow[at + word]!;
      if (takesAway) here.denied[word]! |= all.deny[at + word]!;
    }
  }
}

function union(a: Masks, b: Masks): Masks {
  return {
    possible: a.possible.map((mask, word) => mask | b.possible[word]!),
    denied: a.denied.map((mask, word) => mask | b.denied[word]!),
  };
}
