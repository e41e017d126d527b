import type { Logger } from "pino";
import { type ErrorCode, errors } from "../../../engine/errors/registry.ts";
import { SidegateError } from "../../../engine/errors/sidegate-error.ts";
import { type Kind, kinds } from "../../../engine/model/objects.generated.ts";
import { toSidegateObject } from "../../../engine/validate/to-sidegate-object.ts";
import type { Clock } from "../../../host/clock.ts";
import type { KubeApi } from "../../kube/kube-api.ts";
import { KubeError } from "../../kube/kube-error.ts";
import { Reflector, type ReflectorSink } from "../../kube/reflector.ts";
import type { Source, SourceEvents } from "../source.ts";
import { sidegateResources } from "./sidegate-resources.ts";

export interface KubernetesSourceOptions {
  readonly api: KubeApi;
  /** Read this namespace only. Absent: all that the account may list. */
  readonly namespace?: string | undefined;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly logger: Logger;
  /** Told of an object of which nothing can be made, instead of `put`. */
  readonly onUnreadable: (domain: string, kind: Kind, name: string, error: Error) => void;
  /** Told when changes of all kinds are known to arrive, and when they are not any more. */
  readonly onContact: (isInTouch: boolean) => void;
  /** Told of the failure after which nothing is read any more. */
  readonly onFatal: (error: SidegateError) => void;
  /** Objects in a page. Default 500. */
  readonly pageSize?: number;
  /** A watch without any event for this long is given up. Default 180,000 ms. */
  readonly silenceMs?: number;
}

/** Gathers objects from a Kubernetes API server: one reflector per kind, a namespace is a domain. */
export function createKubernetesSource(options: KubernetesSourceOptions): Source {
  const { api, namespace, clock, random, logger, onUnreadable, onContact, onFatal, pageSize, silenceMs } =
    options;
  const unlisted = new Set<Kind>(kinds);
  const outOfTouch = new Set<Kind>();
  let reflectors: Reflector[] = [];

  const sinkOf = (kind: Kind, events: SourceEvents): ReflectorSink => ({
    put(raw) {
      const { name, namespace: domain = "" } = raw.metadata;
      const object = toSidegateObject(raw);
      if (object === undefined)
        onUnreadable(domain, kind, name, new Error("it has no spec, or is of another version"));
      else events.put(domain, object);
    },
    remove: (domain, name) => events.remove(domain, kind, name),
    progress: (resourceVersion) => events.progress(kind, resourceVersion),
    listed(resourceVersion) {
      logger.debug({ kind, resourceVersion }, "Listed a kind");
      if (unlisted.delete(kind) && unlisted.size === 0) events.synced();
    },
  });

  const setContact = (kind: Kind, isInTouch: boolean) => {
    const before = outOfTouch.size;
    if (isInTouch) outOfTouch.delete(kind);
    else outOfTouch.add(kind);
    if ((before === 0) !== (outOfTouch.size === 0)) onContact(outOfTouch.size === 0);
  };

  return {
    async start(events) {
      reflectors = kinds.map(
        (kind) =>
          new Reflector({
            api,
            resource: sidegateResources[kind],
            namespace,
            sink: sinkOf(kind, events),
            clock,
            random,
            ...(pageSize !== undefined && { pageSize }),
            ...(silenceMs !== undefined && { silenceMs }),
            onContact: (isInTouch) => setContact(kind, isInTouch),
            onRetry(error, waitMs, next) {
              logger.warn(
                { kind, next, waitMs: Math.round(waitMs), ...explain(error) },
                "Reading a kind failed",
              );
            },
            onFatal,
          }),
      );
      for (const reflector of reflectors) reflector.start();
    },
    hurry() {
      for (const reflector of reflectors) reflector.hurry();
    },
    async stop() {
      await Promise.all(reflectors.map((reflector) => reflector.stop()));
    },
  };
}

/** What a person needs to know of a failure: its code, cause and remedy, where it is one that a person can mend. */
function explain(error: Error): Record<string, unknown> {
  if (error instanceof SidegateError) return { code: error.code, error: error.message, remedy: error.remedy };
  if (!(error instanceof KubeError)) return { err: error };
  const code = codeOf(error);
  const { status, reason, message } = error;
  return { error: message, status, reason, ...(code && { code, remedy: errors[code].remedy }) };
}

function codeOf({ status }: KubeError): ErrorCode | undefined {
  if (status === 404) return "SG4002";
  if (status === 401 || status === 403) return "SG4003";
  return status === 0 ? "SG4004" : undefined;
}
