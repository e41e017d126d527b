import type { AccessRole, AccessRoleRule, SidegateObject } from "../../engine/model/objects.generated.ts";
import { type DeclaredType, knownTypes } from "./catalog.ts";
import { effectiveGrants } from "./effective.ts";
import { type Existing, existing } from "./existing.ts";
import { denyingGrants } from "./grants.ts";
import { reachedRoles, rolesAllowingIn } from "./includes.ts";
import { allowsVerb, deniesVerb, denyRules, namesMatch } from "./rules.ts";
import type { Scope } from "./scopes.ts";
import type { Asker } from "./subjects.ts";

/**
 * Section 8: whether writing a role needs no verb `escalate`: "the writer unconditionally holds, at the role's organization
 * (Platform if none), every Allow rule and grants entry that the new closure has and the old lacked, with no Deny rule removed or
 * narrowed and no level added; a rule with `when` is covered only by an identical one; the edit counts for all roles that include
 * this one". Rules are taken apart into single permissions on single names and these compared one by one, so this says what an
 * edit must at least keep to: who compares rules as they are written may refuse more.
 *
 * @param before the objects before the write
 * @param after the objects after it
 * @param name of the role that is written
 * @param now milliseconds since 1970
 */
export function coversRoleEdit(
  before: readonly SidegateObject[],
  after: readonly SidegateObject[],
  name: string,
  writer: Asker,
  now: number,
): boolean {
  const [old, made] = [existing(before), existing(after)];
  const [was, is] = [find(old, name), find(made, name)];
  const addsLevel =
    was !== undefined && is?.spec.assignableAt.some((level) => !was.spec.assignableAt.includes(level));
  const touched = made.roles.filter(({ metadata }) => reachedRoles(made.roles, metadata.name).includes(name));
  return !addsLevel && touched.every((role) => coversOne(old, made, role, writer, now));
}

/** The same for one role that the edit counts for. */
function coversOne(old: Existing, made: Existing, role: AccessRole, writer: Asker, now: number): boolean {
  const { organization } = role.spec;
  const place: Scope =
    organization === undefined
      ? { kind: "Platform", name: "" }
      : { kind: "Organization", name: organization };
  const [was, is] = [closureOf(old, role.metadata.name), closureOf(made, role.metadata.name)];
  const holds = holdingsOf(old, writer, place, now);
  const atoms = atomsOf(old, [...was.allows, ...is.allows, ...was.denies, ...is.denies]);
  const isAllowed = ({ allows }: Closure, atom: Atom) =>
    allows.some(
      (rule) => rule.when === undefined && allowsVerb(rule, atom.type, atom.verb) && fits(rule, atom),
    );
  const isDenied = ({ denies }: Closure, atom: Atom) =>
    denies.some(
      (rule) => rule.when === undefined && deniesVerb(rule, atom.type, atom.verb) && fits(rule, atom),
    );
  const couldBeDenied = (atom: Atom) =>
    holds.denies.some((rule) => deniesVerb(rule, atom.type, atom.verb) && fits(rule, atom));
  return (
    atoms.every(
      (atom) =>
        !isAllowed(is, atom) || isAllowed(was, atom) || (isAllowed(holds, atom) && !couldBeDenied(atom)),
    ) &&
    // A rule with `when` takes no more than the old closure gave without it, or there is an identical one.
    is.allows
      .filter(({ when }) => when !== undefined)
      .every(
        (rule) =>
          [...was.allows, ...holds.allows].some((other) => isIdentical(rule, other)) ||
          atoms
            .filter((atom) => allowsVerb(rule, atom.type, atom.verb) && fits(rule, atom))
            .every((atom) => isAllowed(was, atom)),
      ) &&
    is.rights.every((right) => was.rights.includes(right) || holds.rights.includes(right)) &&
    atoms.every((atom) => !isDenied(was, atom) || isDenied(is, atom)) &&
    was.denies
      .filter(({ when }) => when !== undefined)
      .every(
        (rule) =>
          is.denies.some((other) => isIdentical(rule, other)) ||
          atoms
            .filter((atom) => deniesVerb(rule, atom.type, atom.verb) && fits(rule, atom))
            .every((atom) => isDenied(is, atom)),
      )
  );
}

/** What comes with a role or with what somebody holds. */
interface Closure {
  readonly allows: readonly AccessRoleRule[];
  readonly denies: readonly AccessRoleRule[];
  /** Single rights to give and take, as texts. */
  readonly rights: readonly string[];
}

function closureOf(world: Existing, name: string): Closure {
  const allowing = rolesAllowingIn(world.roles, name).map((reached) => find(world, reached));
  const denying = reachedRoles(world.roles, name).map((reached) => find(world, reached));
  const rulesOf = (roles: readonly (AccessRole | undefined)[]) =>
    roles.flatMap((role) => role?.spec.rules ?? []);
  return {
    allows: rulesOf(allowing).filter(({ effect }) => effect !== "Deny"),
    denies: rulesOf(denying).filter(({ effect }) => effect === "Deny"),
    rights: allowing.flatMap((role) =>
      (role?.spec.grants ?? []).flatMap(({ roles, levels, verbs = ["Give", "Take"] }) =>
        roles.flatMap((given) => levels.flatMap((level) => verbs.map((verb) => `${verb} ${given} ${level}`))),
      ),
    ),
  };
}

/** What the writer holds at a place without condition; and every Deny rule that could meet it there. */
function holdingsOf(world: Existing, writer: Asker, place: Scope, now: number): Closure {
  const closures = effectiveGrants(world, writer, place, now)
    .filter(({ binding }) => binding.spec.when === undefined)
    .map(({ role }) => closureOf(world, role.metadata.name));
  return {
    allows: closures.flatMap(({ allows }) => allows),
    denies: denyingGrants(world, writer, place, now)
      .flatMap((grant) => denyRules(world, grant))
      .map(({ rule }) => rule),
    rights: closures.flatMap(({ rights }) => rights),
  };
}

/** One permission on one name, or on whatever has no name. */
interface Atom {
  readonly type: DeclaredType;
  readonly verb: string;
  readonly name: string;
}

/**
 * Every permission that is declared, and one of a type that is yet to be, on every name that rules tell apart. A `*` stands for
 * what catalogs declare later too.
 */
function atomsOf(world: Existing, rules: readonly AccessRoleRule[]): Atom[] {
  const later = {
    name: "a type yet to be",
    level: "Platform",
    verbs: [{ name: "verb", implies: [] }],
  } as const;
  const written = rules.flatMap((rule) => rule.names ?? []);
  const names = ["", "another", ...written, ...written.map((name) => `${name.replace(/\*$/, "")}-more`)];
  return [...knownTypes(world.catalogs), later].flatMap((type) =>
    [...type.verbs.map((verb) => verb.name), "a verb yet to be"].flatMap((verb) =>
      [...new Set(names)].map((name) => ({ type, verb, name })),
    ),
  );
}

/**
 * Whether a rule's names hold the atom's. What has no name stands for all names here: only a rule without names holds it, a Deny
 * too.
 */
function fits(rule: AccessRoleRule, { name }: Atom): boolean {
  return name === "" ? (rule.names ?? []).length === 0 : namesMatch(rule, name);
}

function isIdentical(a: AccessRoleRule, b: AccessRoleRule): boolean {
  const isSet = (one: readonly string[] = [], other: readonly string[] = []) =>
    one.every((entry) => other.includes(entry)) && other.every((entry) => one.includes(entry));
  return (
    (a.effect ?? "Allow") === (b.effect ?? "Allow") &&
    isSet(a.resources, b.resources) &&
    isSet(a.verbs, b.verbs) &&
    isSet(a.names, b.names) &&
    a.when === b.when
  );
}

function find(world: Existing, name: string): AccessRole | undefined {
  return world.roles.find(({ metadata }) => metadata.name === name);
}
