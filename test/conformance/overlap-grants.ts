import type { LevelName } from "../../engine/model/scope.ts";
import { type OverlapRule, type OverlapWorld, permissionsOf } from "./overlap.ts";

/**
 * What a binding gives, apart by what takes it away: its Allow rules go where the role may not be assigned and, unless
 * `free`, where its holder is no member; its Deny rules stay. So each role is three for engines that know no such thing.
 */
export const parts = ["free", "member", "deny"] as const;

export type Part = (typeof parts)[number];

/** One subject of one binding, with one part of its role. */
export interface PartialGrant {
  readonly subject: string;
  readonly part: Part;
  readonly role: string;
  readonly scope: string;
}

/** All grants of a world. */
export function grantsOf({ bindings, roles, membership }: OverlapWorld): PartialGrant[] {
  return bindings.flatMap(({ role, subjects, scope }) => {
    const { assignableAt } = roles.find(({ name }) => name === role)!;
    const level = scope.split("/")[0]!;
    const canBe = assignableAt.some((each: LevelName) => each.toLowerCase() === level);
    const part: Part = membership === "Optional" || scope === "platform" ? "free" : "member";
    return subjects.flatMap((subject) => [
      { subject, part: "deny" as const, role, scope },
      ...(canBe ? [{ subject, part, role, scope }] : []),
    ]);
  });
}

/** The rules of a part of a role, with their permissions. */
export function rulesOf(world: OverlapWorld, role: string, part: Part) {
  const { rules } = world.roles.find(({ name }) => name === role)!;
  const effect: OverlapRule["effect"] = part === "deny" ? "Deny" : "Allow";
  return rules
    .filter((rule) => rule.effect === effect)
    .map((rule) => ({ effect, names: rule.names, permissions: permissionsOf(world, rule) }));
}
