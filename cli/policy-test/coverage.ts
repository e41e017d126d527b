import { isDeepStrictEqual } from "node:util";
import { reachedRoles } from "../../engine/diagnose/role-closure.ts";
import type { AccessRole } from "../../engine/model/objects.generated.ts";
import { Level } from "../../engine/model/scope.ts";
import type { World } from "../../engine/model/world.ts";
import type { Policy } from "../../engine/policy/policy.ts";
import { roleMatrix } from "../matrix/role-matrix.ts";

/** A role and a permission, and an effect that no case shows. */
export interface UncoveredCell {
  readonly role: string;
  readonly permission: string;
  readonly effect: "allow" | "deny";
}

export interface CoverageReport {
  /** Effects that cases are wanted for. */
  readonly wanted: number;
  readonly covered: number;
  /** From 0 to 100, cut to one digit, so that only complete coverage is 100. */
  readonly percent: number;
  readonly uncovered: readonly UncoveredCell[];
}

/**
 * Which effects of which role on which permission the cases show. Wanted are: an allow where an Allow rule counts, a deny
 * where none does or a Deny rule stands, both where names or conditions decide. Left out are permissions above every level
 * at which the role may be assigned, since no case can show anything there.
 */
export class Coverage {
  readonly #world: World;
  readonly #wanted = new Map<string, UncoveredCell>();
  readonly #covered = new Set<string>();
  // Whether a role of a case is the repository's, by the object.
  readonly #isOwn = new WeakMap<AccessRole, boolean>();

  /** @param world the objects of the repository, from which `policy` was compiled */
  constructor(world: World, policy: Policy) {
    this.#world = world;
    const { roles, permissions, cells } = roleMatrix(world, policy);
    const found = new Map(cells.map((cell) => [`${cell.role} ${cell.permission}`, cell]));
    for (const { name: role, assignableAt } of roles) {
      const highest = Math.min(...assignableAt.map((level) => Level[level]));
      for (const { name: permission, level } of permissions) {
        if (Level[level] < highest) continue;
        const { allow, deny } = found.get(`${role} ${permission}`) ?? {};
        if (allow !== undefined && deny !== "Always") this.#want({ role, permission, effect: "allow" });
        if (allow !== "Always" || deny !== undefined) this.#want({ role, permission, effect: "deny" });
      }
    }
  }

  /**
   * Notes what a case showed.
   *
   * @param world the objects of the case: its role counts only if it says what the repository's says
   */
  note(world: World, role: string, permission: string, effect: "allow" | "deny"): void {
    if (this.#isTheSame(world, role)) this.#covered.add(keyOf({ role, permission, effect }));
  }

  report(): CoverageReport {
    const uncovered = [...this.#wanted].filter(([key]) => !this.#covered.has(key)).map(([, cell]) => cell);
    const wanted = this.#wanted.size;
    const covered = wanted - uncovered.length;
    const percent = wanted === 0 ? 100 : Math.floor((covered * 1000) / wanted) / 10;
    return { wanted, covered, percent, uncovered };
  }

  #want(cell: UncoveredCell): void {
    this.#wanted.set(keyOf(cell), cell);
  }

  #isTheSame(world: World, name: string): boolean {
    const role = world.live("AccessRole", name);
    if (role === undefined) return false;
    const reached = reachedRoles(world, role);
    const own = this.#world.live("AccessRole", name);
    if (own === undefined || reachedRoles(this.#world, own).length !== reached.length) return false;
    return reached.every((one) => this.#isOwnRole(one));
  }

  #isOwnRole(role: AccessRole): boolean {
    let isOwn = this.#isOwn.get(role);
    if (isOwn === undefined) {
      isOwn = isDeepStrictEqual(this.#world.live("AccessRole", role.metadata.name)?.spec, role.spec);
      this.#isOwn.set(role, isOwn);
    }
    return isOwn;
  }
}

function keyOf({ role, permission, effect }: UncoveredCell): string {
  return JSON.stringify([role, permission, effect]);
}
