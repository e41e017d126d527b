import type { Membership } from "../../engine/model/objects.generated.ts";
import type { Existing } from "./existing.ts";
import { type Identity, isSame } from "./subjects.ts";
import { isBefore } from "./window.ts";

/**
 * Section 1: a Membership "holds while `now < expiresAt`. One per subject and organization; of more, the first by name
 * counts, even if it is over". One whose organization is missing is inert.
 *
 * @returns undefined for who is no member
 */
export function membershipOf(
  world: Existing,
  subject: Identity,
  organization: string,
  now: number,
): Membership | undefined {
  const [first] = world.memberships
    .filter(
      (membership) =>
        membership.spec.organization === organization && isSame(membership.spec.subject, subject),
    )
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  const isThere = world.organizations.some(({ metadata }) => metadata.name === organization);
  return isThere && first !== undefined && isBefore(now, first.spec.expiresAt) ? first : undefined;
}

export function isMember(world: Existing, subject: Identity, organization: string, now: number): boolean {
  return membershipOf(world, subject, organization, now) !== undefined;
}
