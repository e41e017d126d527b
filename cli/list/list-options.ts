import type { AskerOptions } from "../asking/asker-options.ts";
import type { OutputFormat } from "../options.ts";

/** What the subcommands of `sidegate list` were given. */
export interface ListOptions extends AskerOptions {
  readonly scope?: string;
  readonly minPosition?: readonly string[];
  readonly domain?: string;
  readonly address: string;
  readonly folder?: string;
  readonly timeout: number;
  readonly limit?: number;
  readonly output: OutputFormat;
}
