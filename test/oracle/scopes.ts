import type { LevelName } from "../../engine/model/scope.ts";
import type { Existing } from "./existing.ts";

/** A place in the tree of section 2. Platform has the empty name. */
export interface Scope {
  readonly kind: LevelName;
  readonly name: string;
}

export const PLATFORM: Scope = { kind: "Platform", name: "" };

/** "Written `platform`, `organization/acme`, `workspace/acme-analytics`, `environment/acme-prod`"; else undefined. */
export function parseScope(text: string): Scope | undefined {
  if (text === "platform") return PLATFORM;
  const parts = text.split("/");
  const [kind, name] = parts;
  if (parts.length !== 2 || name === undefined || name === "") return undefined;
  if (kind === "organization") return { kind: "Organization", name };
  if (kind === "workspace") return { kind: "Workspace", name };
  if (kind === "environment") return { kind: "Environment", name };
  return undefined;
}

/** The scope that a binding names; "the root is `{kind: Platform}`". */
export function scopeOf(reference: { readonly kind: LevelName; readonly name?: string }): Scope {
  return reference.kind === "Platform" ? PLATFORM : { kind: reference.kind, name: reference.name ?? "" };
}

export function isSameScope(a: Scope, b: Scope): boolean {
  return a.kind === b.kind && a.name === b.name;
}

/**
 * "A scope's **chain** is the scope and its ancestors", from the scope up to Platform. Undefined where the scope does not
 * exist: "A scope whose parent is missing does not exist."
 */
export function chainOf(world: Existing, scope: Scope): Scope[] | undefined {
  if (scope.kind === "Platform") return [PLATFORM];
  const parent = parentOf(world, scope);
  const above = parent && chainOf(world, parent);
  return above && [scope, ...above];
}

/** The organization that a scope is or lies in; undefined at Platform and for a scope that does not exist. */
export function organizationOf(world: Existing, scope: Scope): string | undefined {
  return chainOf(world, scope)?.find((ancestor) => ancestor.kind === "Organization")?.name;
}

/** Every scope that exists. */
export function allScopes(world: Existing): Scope[] {
  const named: Scope[] = [
    ...world.organizations.map(({ kind, metadata }) => ({ kind, name: metadata.name })),
    ...world.workspaces.map(({ kind, metadata }) => ({ kind, name: metadata.name })),
    ...world.environments.map(({ kind, metadata }) => ({ kind, name: metadata.name })),
  ];
  return [PLATFORM, ...named.filter((scope) => chainOf(world, scope) !== undefined)];
}

/** The scope directly above, whether or not that one exists; undefined where the scope itself has no object. */
function parentOf(world: Existing, scope: Scope): Scope | undefined {
  switch (scope.kind) {
    case "Platform":
      return undefined;
    case "Organization":
      return world.organizations.some(({ metadata }) => metadata.name === scope.name) ? PLATFORM : undefined;
    case "Workspace": {
      const workspace = world.workspaces.find(({ metadata }) => metadata.name === scope.name);
      return workspace && { kind: "Organization", name: workspace.spec.organization };
    }
    case "Environment": {
      // "Exactly one of `organization` and `workspace`."
      const environment = world.environments.find(({ metadata }) => metadata.name === scope.name);
      const { organization, workspace } = environment?.spec ?? {};
      if (organization !== undefined && workspace !== undefined) return undefined;
      if (workspace !== undefined) return { kind: "Workspace", name: workspace };
      return organization === undefined ? undefined : { kind: "Organization", name: organization };
    }
  }
}
