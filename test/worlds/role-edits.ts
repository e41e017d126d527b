import fc, { type Arbitrary } from "fast-check";
import type {
  AccessRole,
  AccessRoleGrant,
  AccessRoleRule,
  ObjectOf,
  SidegateObject,
} from "../../engine/model/objects.generated.ts";
import { build, EVERYWHERE } from "./build.ts";
import { FAILING, roles } from "./names.ts";
import { compact, seldom, weighted } from "./often.ts";
import type { WorldObjects } from "./world.ts";

/** A write of a role of a world. */
export interface RoleEdit {
  readonly before: AccessRole | undefined;
  readonly after: AccessRole;
}

/** How a role is rewritten from what the roles of its world say, so that writers often hold it. */
export interface RoleEditSeed {
  readonly role: string;
  /** Which rules of all roles it has; some of them narrowed. */
  readonly rules: readonly {
    readonly from: number;
    readonly narrowed: boolean;
    readonly verb: string | undefined;
  }[];
  /** Whether it keeps its own rules. */
  readonly keeps: boolean;
  readonly includes: readonly string[] | undefined;
  readonly grants: readonly number[];
  readonly level: number | undefined;
}

const choice = fc.nat({ max: 59 });

export const roleEditSeed: Arbitrary<RoleEditSeed> = fc.record({
  role: fc.constantFrom(...roles),
  rules: fc.array(
    fc.record({
      from: choice,
      narrowed: weighted([2, false], [1, true]),
      verb: seldom(fc.constantFrom("view", "edit"), 3),
    }),
    { maxLength: 2 },
  ),
  keeps: weighted([3, true], [1, false]),
  includes: weighted<string[] | undefined>(
    [3, undefined],
    [1, fc.subarray<string>([...roles], { maxLength: 2 })],
  ),
  grants: fc.array(choice, { maxLength: 1 }),
  level: seldom(fc.nat({ max: 3 }), 8),
});

export function roleEdit(seed: RoleEditSeed, objects: WorldObjects): RoleEdit {
  const all = objects.filter((object) => object.kind === "AccessRole");
  const before = all.find(({ metadata }) => metadata.name === seed.role);
  const rules = all.flatMap(({ spec }) => spec.rules ?? []);
  const grants = all.flatMap(({ spec }) => spec.grants ?? []);
  const own = before?.spec ?? { assignableAt: EVERYWHERE };
  const spec = {
    ...own,
    assignableAt:
      seed.level === undefined ? own.assignableAt : [EVERYWHERE[seed.level]!, ...own.assignableAt],
    rules: [
      ...(seed.keeps ? (own.rules ?? []) : []),
      ...seed.rules.flatMap((chosen) => rewrite(chosen, rules)),
    ],
    includes: seed.includes ?? own.includes,
    grants: [...(seed.keeps ? (own.grants ?? []) : []), ...pick(seed.grants, grants)],
  };
  return { before, after: build("AccessRole", seed.role, compact(spec) as AccessRole["spec"]) };
}

function rewrite(
  { from, narrowed, verb }: RoleEditSeed["rules"][number],
  rules: readonly AccessRoleRule[],
): AccessRoleRule[] {
  return pick([from], rules).map((rule) => ({
    ...rule,
    ...(narrowed ? { names: ["x"] } : {}),
    ...(verb === undefined ? {} : { verbs: [verb] }),
  }));
}

function pick<T extends AccessRoleRule | AccessRoleGrant>(from: readonly number[], all: readonly T[]): T[] {
  return from.flatMap((index) => all[index % Math.max(1, all.length)] ?? []);
}

/** Lets conditions that tell one subject from another fail, so that what differs between two is what they hold. */
export function sameForAll(objects: WorldObjects): SidegateObject[] {
  return objects.map((object) => {
    if (object.kind === "AccessRole")
      return withSpec(object, { ...object.spec, rules: (object.spec.rules ?? []).map(plainer) });
    return object.kind === "AccessRoleBinding" ? withSpec(object, plainer(object.spec)) : object;
  });
}

function plainer<T extends { readonly when?: string }>(fields: T): T {
  return /subject|member|token/.test(fields.when ?? "") ? { ...fields, when: FAILING } : fields;
}

function withSpec<K extends "AccessRole" | "AccessRoleBinding">(
  object: ObjectOf<K>,
  spec: ObjectOf<K>["spec"],
): SidegateObject {
  return { ...object, spec } as SidegateObject;
}
