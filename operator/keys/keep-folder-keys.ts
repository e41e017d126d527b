import type { Logger } from "pino";
import type { Clock } from "../../host/clock.ts";
import type { Domains, ObjectChange } from "../domains.ts";
import type { SourceEvents } from "../source/source.ts";
import type { FetchKeys } from "./fetch-keys.ts";
import { FolderKeys } from "./folder-keys.ts";
import { followAll, followChange } from "./follow-policies.ts";
import { KeyKeeper } from "./key-keeper.ts";

export interface KeptFolderKeys {
  /** Where the folder's objects go instead of to the domains. */
  readonly events: SourceEvents;
  /** All that was there at the start is published. */
  ready(): void;
  changed(change: ObjectChange): void;
  /** Fetches nothing any more. */
  stop(): void;
}

/** Fetches the keys of a folder's token policies and puts them where the API server would. */
export function keepFolderKeys(options: {
  readonly domains: Domains;
  readonly fetchKeys: FetchKeys;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly logger: Logger;
}): KeptFolderKeys {
  const { domains, fetchKeys: fetch, clock, random, logger } = options;
  const onNews = (domain: string, name: string) => events.renew(domain, name);
  const keys = new KeyKeeper({ fetch, clock, random, logger, onNews });
  const events = new FolderKeys({ events: domains, keys, clock });
  return {
    events,
    ready: () => followAll(keys, domains),
    changed: (change) => followChange(keys, change),
    stop: () => keys.stop(),
  };
}
