import type {
  CheckRequest,
  Holding as HoldingMessage,
  ListPermissionsResponse,
  ListScopesResponse,
  ListSubjectsResponse,
} from "../proto/generated/decision.js";
import { Certainty, Reason as ReasonNumber } from "../proto/generated/decision.js";
import type { Input } from "../proto/message-type.ts";
import type { Check, Reason } from "./check.ts";
import { reasonOf, toRequest } from "./convert.ts";

/** Who asks and where: what `listPermissions` is about. */
export type PermissionsQuery = Omit<Check, "permission" | "explain">;
/** What is asked and where: what `listSubjects` is about. */
export type SubjectsQuery = Omit<Check, "subject" | "token" | "explain">;
/** Who asks, and what; without a permission, any: what `listScopes` is about. */
export type ScopesQuery = Omit<Check, "permission" | "scope" | "explain"> & { readonly permission?: string };

/** Which part of a list. */
export interface PageOptions {
  /** Entries at most: 100 if left out, 1,000 at most. */
  readonly size?: number;
  /** `nextPageToken` of the page before; left out: the first page. */
  readonly token?: string;
}

export interface Page<Entry> {
  readonly entries: readonly Entry[];
  /** Empty: the list has ended. */
  readonly nextPageToken: string;
  /** The revision of the policy that was asked. */
  readonly revision: string;
  /** If nothing could be listed whatever anybody was granted: why, as a check would say it. For the operator's eyes. */
  readonly obstacle?: Reason;
}

/** How sure an entry of a list is. */
export type Holding =
  | {
      readonly certainty: "Always";
      /** The first instant at which it may no longer be so, in milliseconds since 1970; left out: there is none. */
      readonly until?: number;
    }
  | { readonly certainty: "Conditional"; readonly dependsOn: readonly Dependency[] };

/** What an entry hangs on; docs/reference/enumeration.md has the kinds. */
export interface Dependency {
  readonly kind: string;
  readonly detail: string;
}

export interface HeldPermission {
  readonly permission: string;
  readonly holding: Holding;
}

export interface HoldingSubject {
  /** "User", "ServiceAccount", or "Group" for what whoever is in it has. */
  readonly kind: string;
  readonly name: string;
  readonly holding: Holding;
}

export interface HeldScope {
  readonly scope: string;
  readonly holding: Holding;
}

/** A request for a page of any list, which all have the same fields. */
export function toListRequest(
  query: Partial<Check>,
  page: PageOptions,
  domain: string | undefined,
): { query: Input<CheckRequest>; page: PageOptions } {
  return { query: toRequest({ permission: "", scope: "", ...query }, domain), page };
}

export function toPermissionPage(response: ListPermissionsResponse): Page<HeldPermission> {
  return pageOf(response, response.permissions, ({ permission }) => ({ permission }));
}

export function toSubjectPage(response: ListSubjectsResponse): Page<HoldingSubject> {
  return pageOf(response, response.subjects, ({ kind, name }) => ({ kind, name }));
}

export function toScopePage(response: ListScopesResponse): Page<HeldScope> {
  return pageOf(response, response.scopes, ({ scope }) => ({ scope }));
}

function pageOf<From extends { readonly holding: HoldingMessage | null }, About>(
  { nextPageToken, revision, obstacle }: Omit<ListScopesResponse, "scopes">,
  entries: readonly From[],
  about: (entry: From) => About,
): Page<About & { readonly holding: Holding }> {
  const toEntry = (entry: From) => ({ ...about(entry), holding: toHolding(entry.holding) });
  const reason = obstacle === ReasonNumber.REASON_UNSPECIFIED ? undefined : reasonOf(obstacle);
  return { entries: entries.map(toEntry), nextPageToken, revision, ...(reason && { obstacle: reason }) };
}

/** What this client does not know is not to be taken for certain. */
function toHolding(holding: HoldingMessage | null): Holding {
  if (holding?.certainty === Certainty.ALWAYS)
    return { certainty: "Always", ...(holding.until !== 0 && { until: holding.until }) };
  const dependsOn = (holding?.dependsOn ?? []).map(({ kind, detail }) => ({ kind, detail }));
  return { certainty: "Conditional", dependsOn };
}
