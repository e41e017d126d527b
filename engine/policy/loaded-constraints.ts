import type { CompiledConstraint } from "../../proto/generated/shard.js";
import { ConstraintKind } from "../compile/shard-format.ts";
import { SidegateError } from "../errors/sidegate-error.ts";
import type { Level } from "../model/scope.ts";
import type { LoadedRoles } from "./loaded-roles.ts";

/** A constraint on what one subject holds (semantics, section 6). */
export interface LoadedConstraint {
  readonly name: string;
  /** Separation of duty that is static or dynamic, or an exclusive set. */
  readonly kind: "Static" | "Dynamic" | "Exclusive";
  /** Rows of the model, in the order of the constraint. */
  readonly roles: readonly number[];
  /** Separation of duty: how many of the roles one may carry. */
  readonly atMost: number;
  /** Whether an organization as a whole is the unit, and not a scope with its chain. */
  readonly perOrganization: boolean;
}

/** A minimum of holders that each scope of a level keeps. */
export interface LoadedMinimum {
  readonly name: string;
  readonly role: number;
  readonly level: Level;
  readonly count: number;
}

/** A constraint that grants of a role take part in. */
export interface Participation {
  readonly constraint: LoadedConstraint;
  /** Which of the constraint's roles such a grant names (exclusive) or carries (separation of duty), as indexes. */
  readonly members: readonly number[];
}

const NONE: readonly number[] = [];

/** The constraints of a domain, by the roles that they concern. */
export class LoadedConstraints {
  /** Constraints that void grants: static separation of duty and exclusive sets. */
  readonly voiding: readonly LoadedConstraint[];
  readonly dynamic: readonly LoadedConstraint[];
  readonly minimums: readonly LoadedMinimum[];
  /** Whether any constraint has whole organizations as its units. */
  readonly hasWide: boolean;
  readonly #participations: readonly (readonly Participation[])[];
  readonly #sets: Int32Array;
  readonly #isWide: Uint8Array;

  constructor(constraints: readonly CompiledConstraint[], roles: LoadedRoles) {
    const ofSubjects = constraints.flatMap((constraint) => readConstraint(constraint, roles.count));
    this.voiding = ofSubjects.filter(({ kind }) => kind !== "Dynamic");
    this.dynamic = ofSubjects.filter(({ kind }) => kind === "Dynamic");
    this.minimums = constraints.flatMap(readMinimum);
    this.hasWide = ofSubjects.some(({ perOrganization }) => perOrganization);
    this.#participations = participations(ofSubjects, roles);
    this.#sets = new Int32Array(roles.count);
    this.#isWide = new Uint8Array(roles.count);
    const bits = new Map(this.voiding.map((constraint, index) => [constraint, 1 << (index % 31)]));
    for (const [role, parts] of this.#participations.entries()) this.#summarize(role, parts, bits);
  }

  /** The constraints that grants of a role take part in. */
  of(role: number): readonly Participation[] {
    return this.#participations[role] ?? [];
  }

  /** Which of a constraint's roles grants of a role name or carry, as indexes. */
  membersOf(constraint: LoadedConstraint, role: number): readonly number[] {
    return this.of(role).find((part) => part.constraint === constraint)?.members ?? NONE;
  }

  /**
   * A bit for each voiding constraint that grants of the role take part in; 0: none. Two grants whose bits have nothing
   * in common do not conflict. Constraints may share a bit, which costs a closer look and nothing else.
   */
  setsOf(role: number): number {
    return this.#sets[role]!;
  }

  /** Whether a grant of the role may be void by grants elsewhere in the organization, or by itself. */
  needsCloserLook(role: number): boolean {
    return this.#isWide[role] !== 0;
  }

  #summarize(
    role: number,
    parts: readonly Participation[],
    bits: ReadonlyMap<LoadedConstraint, number>,
  ): void {
    for (const { constraint, members } of parts) {
      const bit = bits.get(constraint);
      if (bit === undefined) continue;
      this.#sets[role]! |= bit;
      const conflictsWithItself = members.length > constraint.atMost;
      if (constraint.perOrganization || conflictsWithItself) this.#isWide[role] = 1;
    }
  }
}

function readConstraint(constraint: CompiledConstraint, count: number): LoadedConstraint[] {
  if (constraint.roles.some((row) => row >= count)) {
    throw new SidegateError("SG2002", `the constraint ${constraint.name} names a role that there is not`);
  }
  const { name, kind, roles, atMost, perOrganization } = constraint;
  switch (kind) {
    case ConstraintKind.Static:
      return [{ name, kind: "Static", roles, atMost, perOrganization }];
    case ConstraintKind.Dynamic:
      return [{ name, kind: "Dynamic", roles, atMost, perOrganization }];
    case ConstraintKind.Exclusive:
      return [{ name, kind: "Exclusive", roles, atMost: 1, perOrganization }];
    case ConstraintKind.MinHolders:
      return [];
    default:
      throw new SidegateError("SG2002", `the constraint ${name} is of kind ${kind}, which there is not`);
  }
}

function readMinimum({ name, kind, roles, level, count }: CompiledConstraint): LoadedMinimum[] {
  const [role] = roles;
  if (kind !== ConstraintKind.MinHolders || role === undefined) return [];
  return [{ name, role, level: level as Level, count }];
}

function participations(
  constraints: readonly LoadedConstraint[],
  roles: LoadedRoles,
): readonly (readonly Participation[])[] {
  if (constraints.length === 0) return [];
  return Array.from({ length: roles.count }, (_, role) => {
    const reached = roles.reaches(role);
    return constraints.flatMap((constraint) => {
      const holds =
        constraint.kind === "Exclusive" ? (row: number) => row === role : reached.has.bind(reached);
      const members = constraint.roles.flatMap((row, index) => (holds(row) ? [index] : []));
      return members.length === 0 ? [] : [{ constraint, members }];
    });
  });
}
