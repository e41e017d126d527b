import type { Holding, Page, PageOptions } from "../../client/lists.ts";

/** An entry as it is printed: what it is about, and how sure it is. */
export interface ListedEntry {
  /** For example {permission} or {kind, name}. */
  readonly about: Readonly<Record<string, string>>;
  readonly holding: Holding;
}

export interface ListResult {
  readonly entries: readonly ListedEntry[];
  /** Whether the list goes on. */
  readonly more: boolean;
  /** The policies that were asked; several if it changed between two pages. */
  readonly revisions: readonly string[];
  /** Why nothing could be listed whatever anybody was granted, as a check would say it. */
  readonly obstacle?: string;
}

const LARGEST_PAGE = 1000;

/** Takes pages until the list ends or `limit` entries are there. */
export async function collectPages<Entry extends { readonly holding: Holding }>(
  limit: number,
  next: (page: PageOptions) => Promise<Page<Entry>>,
): Promise<ListResult> {
  const entries: ListedEntry[] = [];
  const revisions = new Set<string>();
  for (let token = ""; ; ) {
    const size = Math.min(LARGEST_PAGE, limit - entries.length);
    const page = await next({ size, ...(token !== "" && { token }) });
    revisions.add(page.revision);
    for (const { holding, ...about } of page.entries)
      entries.push({ about: about as Record<string, string>, holding });
    token = page.nextPageToken;
    if (token === "" || entries.length >= limit)
      return {
        entries,
        more: token !== "",
        revisions: [...revisions],
        ...(entries.length === 0 && page.obstacle && { obstacle: page.obstacle }),
      };
  }
}
