import type { Organizations } from "../../engine/policy/organizations.ts";
import type { Loader } from "./loader.ts";

/** The organizations of a policy, all listed with their shards, and what loads those. */
export interface ListedOrganizations extends Organizations {
  readonly domain: string;
  /** Of the shards, by name and ordered by it. */
  readonly hashes: ReadonlyMap<string, string>;
  /** In order. */
  readonly names: readonly string[];
  readonly loader: Loader;
}

/** What the ways to look at all organizations at once throw where some are not in memory. */
export function notAtOnce(): Error {
  return new Error("Organizations that are loaded on demand are visited one by one");
}
