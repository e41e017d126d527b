import type { LevelName } from "../../engine/model/scope.ts";

// Few names, and the same ones for different kinds, so that generated objects collide, refer to one another and get
// mistaken for one another where code is careless. Every list begins with the plainest name.

export const organizations = ["a", "b"] as const;
export const workspaces = ["w", "a"] as const;
export const environments = ["e", "a", "f"] as const;
export const roles = ["r1", "r2", "r3", "r4", "r5"] as const;
export const groups = ["ops", "ann", "eng"] as const;

/** A name that no object ever bears. */
export const GHOST = "ghost";

/** One Membership has a name so long that the names of its defaults are cut. */
export const memberships = ["m1", "m2", "m3", "m4", "m".repeat(240)] as const;

/** "～" and "😀" are ordered differently by UTF-16 code units and by UTF-8 bytes; "an" is a prefix of "ann". */
export const users = ["ann", "bob", "an", "ops", "ns/bot", "～", "😀"] as const;
export const serviceAccounts = ["ns/bot", "ns/ann"] as const;

/** Groups that callers assert. */
export const assertedGroups = ["ops", "ann", "idp"] as const;

/** A condition that can not be evaluated, whatever a request carries. */
export const FAILING = "context.missing == 1";

/** The types of the catalogs, with their verbs, as most catalogs declare them. */
export const types: Readonly<
  Record<string, { level: LevelName; verbs: Readonly<Record<string, readonly string[]>> }>
> = {
  doc: { level: "Environment", verbs: { view: [], edit: ["view"], own: ["edit"] } },
  bill: { level: "Organization", verbs: { view: [], edit: ["view"] } },
  job: { level: "Workspace", verbs: { view: [], own: ["view"] } },
  sys: { level: "Platform", verbs: { view: [], edit: ["view"] } },
  log: { level: "Environment", verbs: { view: [] } },
};

export const verbs = ["view", "edit", "own"] as const;
