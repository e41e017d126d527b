import type { Check } from "../../client/check.ts";
import type { Holding, Page, PageOptions } from "../../client/lists.ts";
import { withPod } from "../asking/with-pod.ts";
import { type CliContext, exitCodes } from "../cli-context.ts";
import { formatResult } from "../format-result.ts";
import { folderSource } from "./folder-source.ts";
import { formatList, toRecord } from "./format-list.ts";
import type { ListOptions } from "./list-options.ts";
import { collectPages } from "./list-result.ts";
import type { ListSource } from "./list-source.ts";
import { sidecarSource } from "./sidecar-source.ts";

/** Opens what lists come from, prints a list and closes it. @param ask how to ask it for a page */
export function runList<Entry extends { readonly holding: Holding }>(
  given: ListOptions,
  context: CliContext,
  ask: (source: ListSource, page: PageOptions) => Promise<Page<Entry>>,
): Promise<void> {
  return withPod(given, context, (options) => printList(options, context, ask));
}

async function printList<Entry extends { readonly holding: Holding }>(
  options: ListOptions,
  context: CliContext,
  ask: (source: ListSource, page: PageOptions) => Promise<Page<Entry>>,
): Promise<void> {
  const source = await openSource(options, context);
  try {
    const limit = options.limit ?? Number.POSITIVE_INFINITY;
    const result = await collectPages(limit, (page) => ask(source, page));
    const { output } = options;
    context.print(output === "table" ? formatList(result) : formatResult(output, toRecord(result), String));
    context.exit(result.entries.length > 0 ? exitCodes.ok : exitCodes.no);
  } finally {
    source.close();
  }
}

/** What all queries of the command line have besides who asks. */
export function commonQuery({ domain, minPosition }: ListOptions): Pick<Check, "domain" | "minPosition"> {
  return { ...(domain !== undefined && { domain }), ...(minPosition && { minPosition }) };
}

async function openSource(options: ListOptions, context: CliContext): Promise<ListSource> {
  const { folder, domain, address, timeout } = options;
  if (folder !== undefined) return folderSource(folder, domain, context.clock, context.stopping);
  return sidecarSource(address, timeout, context.stopping);
}
