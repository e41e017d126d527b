import type { Logger } from "pino";
import { messageOf } from "../../engine/errors/message-of.ts";
import { quote } from "../../engine/model/quote.ts";
import {
  type AdmissionRequest,
  type AdmissionResponse,
  ALLOWED,
  type ReviewHandler,
} from "../admission/review.ts";
import { type Injection, injectSidecar } from "./inject-sidecar.ts";
import type { Pod } from "./pod.ts";
import type { InjectionSettings } from "./settings.ts";
import { type ServiceAccount, warnOfEmptyDomain, warnOfMissingRight } from "./warn-of-missing-right.ts";

export interface InjectionHandlerOptions {
  readonly settings: InjectionSettings;
  /** Sees to the ConfigMap that the sidecars of a namespace trust by. Rejects where it could not. */
  readonly ensureTrust: (namespace: string) => Promise<void>;
  /** Whether an account has the verb `sync` on a domain. Rejects where nobody could say. */
  readonly maySync: (account: ServiceAccount, domain: string, signal: AbortSignal) => Promise<boolean>;
  /** Whether a domain is known to have no policy, so that nothing could be loaded. */
  readonly isEmpty: (domain: string) => boolean;
  readonly logger: Logger;
}

type Injected = Injection & { readonly outcome: "Injected" };

/** Answers the reviews of pods. A dry run writes nothing. */
export function createInjectionHandler(options: InjectionHandlerOptions): ReviewHandler {
  const { settings, logger } = options;
  return async (request, signal) => {
    const { resource, subResource, operation, object, namespace, dryRun } = request;
    const isPod = resource.group === "" && resource.resource === "pods" && subResource === "";
    if (!isPod || operation !== "CREATE" || object === undefined) return ALLOWED;
    const pod = object as unknown as Pod;
    const injection = injectSidecar(pod, namespace, settings);
    if (injection.outcome === "Nothing") return ALLOWED;
    const facts = { namespace, pod: nameOf(pod), dryRun };
    if (injection.outcome === "Impossible") {
      logger.info({ ...facts, problem: injection.problem }, "Could not inject a pod");
      return impossible(injection.problem, facts.pod, settings);
    }
    const { mode, domain } = injection.wishes;
    const failed = mode === "sidecar" && !dryRun ? await ensureTrust(options, request) : undefined;
    if (failed !== undefined) return failed;
    const missing = await findMissingRight(options, request, injection, signal);
    logger.info({ ...facts, domain, mode, operations: injection.patch.length }, "Injected a pod");
    const empty = options.isEmpty(domain) ? [warnOfEmptyDomain(domain, mode)] : [];
    return { patch: injection.patch, warnings: [...injection.warnings, ...empty, ...missing] };
  };
}

function impossible(problem: string, pod: string, settings: InjectionSettings): AdmissionResponse {
  if (settings.whenImpossible === "Warn") return { warnings: [`Pod ${pod} gets no sidecar: ${problem}`] };
  const message = `pod ${pod} asks for a sidecar (label sidegate.dev/inject) and can not have it: ${problem}`;
  return { denial: { code: 422, reason: "Invalid", message } };
}

/** A pod whose trust is not there would hang where nobody looks; its controller tries a refused one again. */
async function ensureTrust(
  { ensureTrust: ensure, settings, logger }: InjectionHandlerOptions,
  { namespace }: AdmissionRequest,
): Promise<AdmissionResponse | undefined> {
  try {
    await ensure(namespace);
    return undefined;
  } catch (error) {
    logger.warn({ namespace, err: error }, "Could not write what sidecars of a namespace trust by");
    const name = quote(settings.trustConfigMap);
    const message = `the operator could not write the ConfigMap ${name} into namespace ${quote(namespace)}, without which a sidecar does not start: ${messageOf(error)}; try again`;
    return { denial: { code: 503, reason: "ServiceUnavailable", message } };
  }
}

/** Only a warning hangs on it, so whatever goes wrong here lets the pod pass. */
async function findMissingRight(
  { maySync, logger }: InjectionHandlerOptions,
  { namespace, object }: AdmissionRequest,
  { wishes }: Injected,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { mode, domain } = wishes;
  // The node's sidecar answers any pod about the domain of its own namespace.
  if (mode === "node" && domain === namespace) return [];
  const { serviceAccountName = "default" } = (object as unknown as Pod).spec;
  const account = { namespace, name: serviceAccountName };
  try {
    return (await maySync(account, domain, signal)) ? [] : warnOfMissingRight(account, domain, mode);
  } catch (error) {
    logger.debug({ namespace, domain, err: error }, "Could not ask whether an account may sync a domain");
    return [];
  }
}

/** As people know it: the name that a controller has the API server make is not there yet. */
function nameOf({ metadata }: Pod): string {
  return metadata?.name ?? (metadata?.generateName === undefined ? "" : `${metadata.generateName}*`);
}
