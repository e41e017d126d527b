import fc, { type Arbitrary } from "fast-check";
import type {
  Environment,
  Organization,
  ScopeReference,
  Workspace,
} from "../../engine/model/objects.generated.ts";
import { build, scopeReference } from "./build.ts";
import { environments, GHOST, organizations, workspaces } from "./names.ts";
import { weighted } from "./often.ts";

export function organization(name: string): Arbitrary<Organization> {
  return weighted(
    [14, build("Organization", name, {})],
    [1, build("Organization", name, { suspended: false })],
    [1, build("Organization", name, { suspended: true })],
  );
}

export function workspace(name: string): Arbitrary<Workspace> {
  return organizationName.map((parent) => build("Workspace", name, { organization: parent }));
}

export function environment(name: string): Arbitrary<Environment> {
  const type = fc.constantFrom("production", "development");
  const parent = weighted<{ organization: string } | { workspace: string }>(
    [2, organizationName.map((found) => ({ organization: found }))],
    [1, workspaceName.map((found) => ({ workspace: found }))],
  );
  return fc.tuple(parent, type).map(([above, kind]) => build("Environment", name, { ...above, type: kind }));
}

export const organizationName: Arbitrary<string> = weighted<string>(
  [12, organizations[0]],
  [5, organizations[1]],
  [1, GHOST],
);
const workspaceName: Arbitrary<string> = weighted<string>([6, workspaces[0]], [3, workspaces[1]], [1, GHOST]);

/** A scope as requests write it, existing or not. */
export const scopeText: Arbitrary<string> = weighted<string>(
  [6, fc.constantFrom(...environments).map((name) => `environment/${name}`)],
  [3, fc.constantFrom(...organizations).map((name) => `organization/${name}`)],
  [2, fc.constantFrom(...workspaces).map((name) => `workspace/${name}`)],
  [2, "platform"],
  [1, fc.constantFrom("organization", "workspace", "environment").map((kind) => `${kind}/${GHOST}`)],
);

/** The scope of a binding, existing or not. */
export const scope: Arbitrary<ScopeReference> = scopeText.map(scopeReference);
