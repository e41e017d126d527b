import fc, { type Arbitrary } from "fast-check";
import type {
  Environment,
  Organization,
  ScopeReference,
  Workspace,
} from "../../engine/model/objects.generated.ts";
import { build, scopeReference } from "./build.ts";
import { environments, GHOST, organizations, workspaces } from "./names.ts";
import { compact, seldom, weighted } from "./often.ts";

/** Stored attributes: none, mostly. */
export const attributes = seldom(
  fc.constantFrom<Record<string, string>>({ tier: "gold" }, { tier: "tin", team: "red" }, {}),
  3,
);

export function organization(name: string): Arbitrary<Organization> {
  const suspended = weighted<boolean | undefined>([14, undefined], [1, false], [1, true]);
  return fc.record({ suspended, attributes }).map((fields) => build("Organization", name, compact(fields)));
}

export function workspace(name: string): Arbitrary<Workspace> {
  return fc
    .record({ organization: organizationName, attributes })
    .map((fields) => build("Workspace", name, compact(fields)));
}

export function environment(name: string): Arbitrary<Environment> {
  const parent = weighted<{ organization: string } | { workspace: string }>(
    [2, organizationName.map((found) => ({ organization: found }))],
    [1, workspaceName.map((found) => ({ workspace: found }))],
  );
  const type = weighted<string | undefined>([4, "production"], [4, "development"], [1, undefined]);
  return fc
    .record({ parent, type, attributes })
    .map(({ parent: above, ...fields }) => build("Environment", name, { ...above, ...compact(fields) }));
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
