import type { Logger } from "pino";
import { messageOf } from "../../engine/errors/message-of.ts";
import type { Clock } from "../../host/clock.ts";
import type { KubeApi, Resource } from "../kube/kube-api.ts";
import { Reflector, type ReflectorSink } from "../kube/reflector.ts";

export interface FollowTools {
  readonly api: KubeApi;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly logger: Logger;
}

export interface Followed {
  readonly resource: Resource;
  /** Absent: in all namespaces, or the resource has none. */
  readonly namespace?: string | undefined;
  readonly name: string;
}

/**
 * Follows the objects of one name: the account needs to get, list and watch objects of that name only, since a list by
 * `metadata.name` is one that RBAC allows by `resourceNames`.
 */
export function followName(
  { api, clock, random, logger }: FollowTools,
  { resource, namespace, name }: Followed,
  sink: Omit<ReflectorSink, "progress">,
): Reflector {
  const facts = { kind: resource.kind, namespace, name };
  return new Reflector({
    ...{ api, resource, namespace, clock, random },
    fieldSelector: `metadata.name=${name}`,
    sink: { ...sink, progress: () => {} },
    onContact: () => {},
    onRetry(error, waitMs, next) {
      logger.warn(
        { ...facts, next, waitMs: Math.round(waitMs), error: messageOf(error) },
        "Reading failed; trying again",
      );
    },
    onFatal: (error) => logger.error({ ...facts, err: error }, "Reading has ended"),
  });
}
