import type { SidegateObject, TokenPolicy } from "../../engine/model/objects.generated.ts";
import type { Clock } from "../../host/clock.ts";
import type { SourceEvents } from "../source/source.ts";
import { describeKeys } from "./describe-keys.ts";
import type { KeyKeeper } from "./key-keeper.ts";

export interface FolderKeysOptions {
  /** Where the objects go. */
  readonly events: SourceEvents;
  readonly keys: Pick<KeyKeeper, "stateOf">;
  readonly clock: Pick<Clock, "wallTime">;
}

/**
 * The keys of token policies where there is no API server to hold them: they are put into the status of the objects on
 * their way into memory, as the API server would have it. A status that stands in a manifest counts for nothing.
 */
export class FolderKeys implements SourceEvents {
  readonly #options: FolderKeysOptions;
  /** The policies as the source put them, by domain and name. */
  readonly #policies = new Map<string, TokenPolicy>();
  readonly progress: SourceEvents["progress"];
  readonly synced: SourceEvents["synced"];

  constructor(options: FolderKeysOptions) {
    this.#options = options;
    const { events } = options;
    this.progress = (kind, resourceVersion) => events.progress(kind, resourceVersion);
    this.synced = () => events.synced();
  }

  put(domain: string, object: SidegateObject): void {
    if (object.kind === "TokenPolicy") this.#put(domain, object);
    else this.#options.events.put(domain, object);
  }

  remove(...[domain, kind, name]: Parameters<SourceEvents["remove"]>): void {
    if (kind === "TokenPolicy") this.#policies.delete(`${domain}/${name}`);
    this.#options.events.remove(domain, kind, name);
  }

  /** Puts a policy again whose keys there is news of. */
  renew(domain: string, name: string): void {
    const policy = this.#policies.get(`${domain}/${name}`);
    if (policy !== undefined) this.#put(domain, policy);
  }

  #put(domain: string, { status: _, ...policy }: TokenPolicy): void {
    const { events, keys, clock } = this.#options;
    const { name } = policy.metadata;
    this.#policies.set(`${domain}/${name}`, policy);
    const { fields } = describeKeys(policy, keys.stateOf(domain, name), clock.wallTime());
    events.put(domain, { ...policy, status: fields });
  }
}
