/*
 * What a plain decision asks of an organization, in one array of 32-bit integers: a decision finds its organization cold, and
 * what it costs is the cache lines that it touches. What all decisions ask stands first.
 *
 *   header          see below
 *   roles           for each role that is named here, its row in the model that was asked for last
 *   parents         for each scope, the row of its parent
 *   scope keys      a table of strings (string-table.ts)
 *   subject keys    the same
 *   subjects        a record for each
 *   grants          a record for each, in the order of subjects: what is asked of the binding that it comes from
 */

// The header. The level of row 0 and the first row of an environment tell the level of each scope.
export const SUSPENDED = 0;
export const ROOT_LEVEL = 1;
export const FIRST_ENVIRONMENT = 2;
export const PARENTS = 3;
export const SCOPE_KEYS = 4;
export const SCOPE_MASK = 5;
export const SUBJECT_KEYS = 6;
export const SUBJECT_MASK = 7;
/** The row of `system:authenticated`, or -1. */
export const AUTHENTICATED_ROW = 8;
export const SUBJECTS = 9;
export const GRANTS = 10;
/** Where the roles begin. */
export const ROLES = 11;

// Fields of a subject's record; its first grant stands first. MEMBER is 0, or 1 plus the window of the membership.
export const END = 1;
export const MEMBER = 2;
export const SUBJECT = 3;

// Fields of a grant's record; its scope stands first. The lowest bit of CONDITION says that the grant is a default, the others
// are 0, or 1 plus the condition.
export const ROLE = 1;
export const WINDOW = 2;
export const CONDITION = 3;
export const GRANT = 4;
