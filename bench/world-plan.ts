/**
 * How a generated domain is laid out, the same for the same size, so that whoever asks knows what is right without looking:
 * organizations of equal size, each with ten environments, members, five teams and one group of the identity provider.
 */
export interface WorldSize {
  readonly organizations: number;
  /** AccessRoleBindings, spread evenly over the organizations; at least 20 in each. */
  readonly bindings: number;
}

export const DOMAIN = "bench";

/** The type of each environment. */
export const environmentTypes = [
  ...Array<string>(4).fill("development"),
  ...Array<string>(3).fill("staging"),
  ...Array<string>(3).fill("production"),
];

/** A member's bindings: one at the organization and one at each of three environments, as a newcomer has in presets/redox. */
export const BINDINGS_PER_MEMBER = 4;
export const TEAMS = 5;
/** One member in so many is in a team. */
export const TEAM_SHARE = 5;
/** Two bindings for each team and one for the group of the identity provider. */
const GROUP_BINDINGS = TEAMS * 2 + 1;

export const environmentRoles = ["engineer", "support", "observer"] as const;

/** Bindings that members of one organization have themselves; the last member may have fewer than the others. */
export function memberBindings({ organizations, bindings }: WorldSize): number {
  return bindings / organizations - GROUP_BINDINGS;
}

/** Members of one organization. */
export function members(size: WorldSize): number {
  return Math.ceil(memberBindings(size) / BINDINGS_PER_MEMBER);
}

/** The role that a member has by one of his bindings; binding 0 is the one at the organization. */
export function roleOf(member: number, binding: number): string {
  if (binding > 0) return environmentRoles[(member + binding) % 3] as string;
  return ["owner", "admin"][member] ?? "member";
}

/** The environment of a member's binding 1, 2 or 3. */
export function environmentOf(member: number, binding: number): number {
  return (member + 3 * binding) % environmentTypes.length;
}

/** Whether one of a member's own bindings is at an environment. */
export function hasOwnRoleAt(member: number, environment: number): boolean {
  return [1, 2, 3].some((binding) => environmentOf(member, binding) === environment);
}

/** The team of a member, or undefined. */
export function teamOf(member: number): number | undefined {
  return member % TEAM_SHARE === 0 ? (member / TEAM_SHARE) % TEAMS : undefined;
}

/** A team works in one environment and looks at another. */
export const workplaceOf = (team: number): number => team;
export const viewOf = (team: number): number => team + TEAMS;
/** Whether an environment is one of those. */
export const isOfTeam = (team: number | undefined, environment: number): boolean =>
  team !== undefined && (environment === workplaceOf(team) || environment === viewOf(team));
/** Where the group of the identity provider gives support. */
export const STAFF_ENVIRONMENT = 9;

export const organizationName = (organization: number): string => `org-${organization}`;
export const environmentName = (organization: number, environment: number): string =>
  `org-${organization}-${environmentTypes[environment]}-${environment}`;
export const userName = (organization: number, member: number): string =>
  `user-${organization}-${member}@example.com`;
export const teamName = (organization: number, team: number): string => `org-${organization}-team-${team}`;
export const staffName = (organization: number): string => `staff-${organization}`;
export const bindingName = (organization: number, member: number, binding: number): string =>
  `org-${organization}-${member}-${binding}`;
