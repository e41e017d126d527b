import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import { isTerminating } from "../../engine/model/world.ts";
import type { Domains, ObjectChange } from "../domains.ts";
import type { KeyKeeper } from "./key-keeper.ts";

/** Fetches keys for every token policy that there is. */
export function followAll(keeper: KeyKeeper, domains: Pick<Domains, "names" | "worldOf">): void {
  for (const domain of domains.names()) {
    for (const policy of domains.worldOf(domain)?.list("TokenPolicy") ?? []) {
      keeper.follow(domain, policy.metadata.name, addressOf(policy));
    }
  }
}

/** Fetches other keys, or none any more, for a token policy that changed. */
export function followChange(keeper: KeyKeeper, { domain, kind, name, after }: ObjectChange): void {
  if (kind === "TokenPolicy") keeper.follow(domain, name, addressOf(after));
}

function addressOf(object: SidegateObject | undefined): string | undefined {
  if (object?.kind !== "TokenPolicy" || isTerminating(object)) return undefined;
  return object.spec.keys.jwksURL;
}
