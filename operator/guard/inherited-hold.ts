import { domainSettings } from "../../engine/model/domain-settings.ts";
import type { AccessDomain } from "../../engine/model/objects.generated.ts";
import { isPosition } from "../../engine/model/position.ts";
import type { Hold } from "./hold.ts";

/**
 * What the leader held back before this process started, as the status of the AccessDomain tells; undefined where nothing
 * was held, or what was held would not even be in the way.
 *
 * @param revision what the domain's objects make now
 */
export function inheritedHold(settings: AccessDomain | undefined, revision: string): Hold | undefined {
  const held = settings?.status?.held;
  if (held === undefined || held.released.revision === revision) return undefined;
  const { epoch, position } = held.released;
  // A raised epoch says that etcd was restored, and that positions start again.
  if (!isPosition(position) || domainSettings(settings).epoch > epoch) return undefined;
  const { revoked, total, maxRevokedPercent } = held;
  return {
    ...{ revision: held.revision, revoked, total, maxRevokedPercent },
    released: { revision: held.released.revision, epoch, position },
    isInherited: true,
  };
}
