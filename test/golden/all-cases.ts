import type { AnyCase, CaseWorld } from "../../cli/cases/case-world.ts";

/** The cases of a world, whatever they ask. */
export function allCases(world: CaseWorld): readonly AnyCase[] {
  const { cases, grantCases, listCases, grantableCases, explainCases } = world;
  return [...cases, ...grantCases, ...listCases, ...grantableCases, ...explainCases];
}
