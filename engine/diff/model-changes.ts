import type { LoadedCatalog } from "../policy/loaded-catalog.ts";
import { hasBit } from "../policy/loaded-catalog.ts";
import type { LoadedConstraint } from "../policy/loaded-constraints.ts";
import type { LoadedModel } from "../policy/loaded-model.ts";
import type { NarrowRule } from "../policy/loaded-roles.ts";

/**
 * The roles that do not say the same in two models, by name: what their rules give, includes and implied verbs followed, where
 * they may be assigned, and which constraints they take part in. Those that only one model has are among them.
 */
export function changedRoles(before: LoadedModel, after: LoadedModel): ReadonlySet<string> {
  const [old, made] = [describeRoles(before), describeRoles(after)];
  const changed = new Set<string>();
  for (const [name, text] of old) if (made.get(name) !== text) changed.add(name);
  for (const name of made.keys()) if (!old.has(name)) changed.add(name);
  return changed;
}

/** Two models number their permissions, roles and constraints differently, so roles are compared as texts. */
function describeRoles(model: LoadedModel): Map<string, string> {
  const { catalog, roles, constraints } = model;
  const levels = labels(catalog);
  const nameOf = (role: number) => roles.names[role]!;
  return new Map(
    roles.names.map((name, role) => {
      const at = roles.at(role);
      const { allow, deny } = roles.all;
      const narrow = roles.narrowRules(role);
      const description = [
        roles.organizations[role],
        roles.assignable[role],
        selected(levels, allow, at),
        selected(levels, deny, at),
        narrow.allow.map((rule) => describeRule(levels, rule)).sort(),
        narrow.deny.map((rule) => describeRule(levels, rule)).sort(),
        constraints.of(role).map((part) => [describeConstraint(part.constraint, nameOf), part.members]),
      ];
      return [name, JSON.stringify(description)];
    }),
  );
}

type Label = readonly [label: string, permission: number];

/** Permissions with their levels, which decide where rules about them count, in order of name. */
function labels(catalog: LoadedCatalog): Label[] {
  return [...catalog.permissions]
    .map(([name, number]): Label => [`${name}@${catalog.levelOf(number)}`, number])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function selected(permissions: readonly Label[], masks: Uint32Array, at: number): string[] {
  return permissions.filter(([, number]) => hasBit(masks, at, number)).map(([label]) => label);
}

function describeRule(permissions: readonly Label[], { mask, names, condition }: NarrowRule): string {
  return JSON.stringify([selected(permissions, mask, 0), names, condition?.source]);
}

function describeConstraint(
  { kind, roles, atMost, perOrganization }: LoadedConstraint,
  nameOf: (role: number) => string,
) {
  return [kind, roles.map(nameOf), atMost, perOrganization];
}
