import type {
  HeldPermission,
  HeldScope,
  HoldingSubject,
  Page,
  PageOptions,
  PermissionsQuery,
  ScopesQuery,
  SubjectsQuery,
} from "../../client/lists.ts";

/** What gives pages of lists: a sidecar, or a policy in this process. */
export interface ListSource {
  permissions(query: PermissionsQuery, page: PageOptions): Promise<Page<HeldPermission>>;
  subjects(query: SubjectsQuery, page: PageOptions): Promise<Page<HoldingSubject>>;
  scopes(query: ScopesQuery, page: PageOptions): Promise<Page<HeldScope>>;
  close(): void;
}
