/**
 * The limits of requests and manifests, in one place. docs/reference/limits.md is generated from this table. Lengths are
 * counted in UTF-16 code units.
 */
export const limits = {
  /** Characters in the name of a subject or an asserted group. */
  subjectName: 512,
  /** Asserted groups in one request. */
  groups: 4096,
  /** Characters of a permission, "type:verb". */
  permission: 512,
  /** Characters of a scope, "environment/NAME". */
  scope: 512,
  /** Characters of a resource name. */
  resourceName: 2048,
  /** Active roles in one request. */
  activeRoles: 64,
  /** Characters of a token. */
  token: 16384,
  /** Selectors in a token's claim that narrows. */
  tokenSelectors: 1024,
  /** Permissions in all lists of that claim together. */
  tokenPermissions: 4096,
  /** How deep objects and lists may be nested in a token's claims. */
  tokenDepth: 32,
  /** Bytes of the attributes of a subject or a resource, or of a context, as encoded. */
  attributeBytes: 32 * 1024,
  /** How deep objects and lists may be nested in one attribute or one member of a context. */
  attributeDepth: 48,
  /** Entries of a minimum position. */
  minPosition: 16,
  /** Checks in one batch. */
  batch: 1000,
  /** Entries of one page of a list. */
  pageSize: 1000,
  /** Characters of the token of a page. */
  pageToken: 4096,
  /** Fields of one request message, entries of lists and fields that Sidegate does not know included. */
  fields: 16_384,
  /** Bytes of one request message. */
  requestBytes: 4 * 1024 * 1024,
} as const;
