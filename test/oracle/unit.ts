import type { Existing } from "./existing.ts";
import { allScopes, chainOf, organizationOf, PLATFORM, type Scope } from "./scopes.ts";

/**
 * Section 6: "For a request at scope s the **unit** is s with its chain (`per: Scope`), or s's organization, all below it, and
 * Platform (`per: Organization`; at Platform itself, Platform)."
 */
export function unitOf(
  world: Existing,
  scope: Scope,
  per: "Scope" | "Organization" = "Scope",
): readonly Scope[] {
  if (per === "Scope") return chainOf(world, scope) ?? [];
  const organization = organizationOf(world, scope);
  if (organization === undefined) return [PLATFORM];
  return [PLATFORM, ...allScopes(world).filter((other) => organizationOf(world, other) === organization)];
}
