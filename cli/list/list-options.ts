import type { AskerOptions } from "../asking/asker-options.ts";
import type { SourceOptions } from "../asking/source-options.ts";

/** What the subcommands of `sidegate list` were given. */
export interface ListOptions extends AskerOptions, SourceOptions {
  readonly scope?: string;
  readonly limit?: number;
}
