/**
 * Keeps true what others trust: ConfigMap sidegate-trust in every namespace that is a domain or has one already, and the
 * caBundle of the operator's webhook configurations. Edits and deletions by others are repaired. Only the leader does it,
 * within one term.
 *
 *   A namespace is  unwanted  nothing is done about it
 *                   wanted    it is a domain, or had a ConfigMap in this term
 *
 *   unwanted -> wanted     it is a domain at the start, an object in it changes, or its ConfigMap is seen
 *   wanted   -> unwanted   it is being deleted, or gone
 *
 * Nothing is written where nothing differs; and nothing before all ConfigMaps have been read once.
 */

import type { Logger } from "pino";
import { messageOf } from "../../engine/errors/message-of.ts";
import type { Clock } from "../../host/clock.ts";
import type { ObjectChange } from "../domains.ts";
import type { Duty } from "../duty.ts";
import { Controller } from "../kube/controller.ts";
import type { KubeApi, KubeObject, Resource } from "../kube/kube-api.ts";
import { isNotFound } from "../kube/kube-error.ts";
import type { Reflector } from "../kube/reflector.ts";
import { Namespaces } from "../reconcile/namespaces.ts";
import { caBundlePatch, isInjectedByOthers } from "./ca-bundle.ts";
import { followName } from "./follow-name.ts";
import { configMapResource, mutatingWebhookResource, validatingWebhookResource } from "./resources.ts";
import type { TrustBundle } from "./trust-bundle.ts";
import { applyTrust, isTrustTrue, TRUST_CONFIG_MAP } from "./trust-config-map.ts";

export interface TrustDistributorOptions {
  /** Ends with the leader's term. */
  readonly api: KubeApi;
  readonly bundle: TrustBundle;
  /** The domains that there are. */
  readonly domains: () => Iterable<string>;
  /** Look after this namespace only. Absent: all. */
  readonly namespace?: string | undefined;
  /** Names of webhook configurations. */
  readonly validatingWebhooks: readonly string[];
  readonly mutatingWebhooks: readonly string[];
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly logger: Logger;
}

export class TrustDistributor implements Duty {
  readonly #options: TrustDistributorOptions;
  readonly #controller: Controller;
  readonly #namespaces: Namespaces;
  readonly #wanted = new Set<string>();
  /** By namespace. */
  readonly #configMaps = new Map<string, KubeObject>();
  /** By key. */
  readonly #webhooks = new Map<string, { readonly resource: Resource; readonly name: string }>();
  readonly #configurations = new Map<string, KubeObject>();
  #reflectors: Reflector[] = [];
  #unsubscribe: () => void = () => {};
  #isListed = false;

  constructor(options: TrustDistributorOptions) {
    const { api, clock, logger, validatingWebhooks, mutatingWebhooks } = options;
    this.#options = options;
    this.#namespaces = new Namespaces(api, clock);
    for (const name of validatingWebhooks)
      this.#webhooks.set(`validating:${name}`, { resource: validatingWebhookResource, name });
    for (const name of mutatingWebhooks)
      this.#webhooks.set(`mutating:${name}`, { resource: mutatingWebhookResource, name });
    this.#controller = new Controller({
      reconcile: ({ key }) => this.#reconcile(key),
      onError(key, error, waitMs) {
        const facts = { key, error: messageOf(error), waitMs: Math.round(waitMs) };
        logger.warn(facts, "Could not write what is trusted; trying again");
      },
      clock,
    });
  }

  get pending(): number {
    return this.#controller.pending;
  }

  start(): void {
    const { bundle, namespace } = this.#options;
    this.#unsubscribe = bundle.subscribe(() => this.#addAll());
    const configMaps = { resource: configMapResource, namespace, name: TRUST_CONFIG_MAP };
    this.#reflectors.push(
      followName(this.#options, configMaps, {
        put: (object) => this.#sawConfigMap(object),
        remove: (name) => {
          this.#configMaps.delete(name);
          this.#add(name);
        },
        listed: () => {
          this.#isListed = true;
          for (const domain of this.#options.domains()) this.#want(domain);
          this.#addAll();
        },
      }),
    );
    for (const [key, webhook] of this.#webhooks) this.#follow(key, webhook);
    for (const reflector of this.#reflectors) reflector.start();
  }

  changed({ domain, after }: Pick<ObjectChange, "domain" | "after">): void {
    if (after === undefined || after.metadata.deletionTimestamp !== undefined) return;
    this.#want(domain);
  }

  async drain(): Promise<void> {
    this.#unsubscribe();
    await Promise.all(this.#reflectors.map((reflector) => reflector.stop()));
    await this.#controller.drain();
  }

  #want(domain: string): void {
    const { namespace = domain } = this.#options;
    if (domain !== namespace || this.#wanted.has(domain)) return;
    this.#wanted.add(domain);
    this.#add(domain);
  }

  #follow(key: string, webhook: { readonly resource: Resource; readonly name: string }): void {
    this.#reflectors.push(
      followName(this.#options, webhook, {
        put: (object) => {
          this.#configurations.set(key, object);
          this.#controller.add(key, "interactive");
        },
        remove: () => this.#configurations.delete(key),
        listed: () => {
          if (!this.#configurations.has(key))
            this.#options.logger.warn({ name: webhook.name }, "There is no such webhook configuration");
        },
      }),
    );
  }

  #sawConfigMap(object: KubeObject): void {
    const { namespace = "" } = object.metadata;
    this.#configMaps.set(namespace, object);
    this.#wanted.add(namespace);
    this.#add(namespace);
  }

  /** Namespaces have no colons in their names. */
  #add(namespace: string): void {
    if (this.#isListed) this.#controller.add(`namespace:${namespace}`, "background");
  }

  #addAll(): void {
    for (const key of this.#webhooks.keys()) this.#controller.add(key, "interactive");
    for (const namespace of this.#wanted) this.#add(namespace);
  }

  async #reconcile(key: string): Promise<void> {
    const webhook = this.#webhooks.get(key);
    if (webhook !== undefined) return this.#reconcileWebhook(key, webhook);
    return this.#reconcileNamespace(key.slice("namespace:".length));
  }

  async #reconcileNamespace(namespace: string): Promise<void> {
    const { api, bundle, logger } = this.#options;
    const present = this.#configMaps.get(namespace);
    if (!this.#wanted.has(namespace) || (present && isTrustTrue(present, bundle))) return;
    if (await this.#namespaces.isTerminating(namespace)) {
      this.#wanted.delete(namespace);
      return;
    }
    try {
      const written = await applyTrust(api, namespace, bundle, present);
      // Before its event comes, nobody needs to write the same again.
      this.#configMaps.set(namespace, written);
      logger.info({ namespace, name: TRUST_CONFIG_MAP }, "Wrote what sidecars trust");
    } catch (error) {
      if (!isNotFound(error)) throw error;
      this.#wanted.delete(namespace);
    }
  }

  async #reconcileWebhook(
    key: string,
    { resource, name }: { readonly resource: Resource; readonly name: string },
  ): Promise<void> {
    const { api, bundle, logger } = this.#options;
    const configuration = this.#configurations.get(key);
    if (configuration === undefined) return;
    if (isInjectedByOthers(configuration)) {
      logger.debug({ name }, "Another controller keeps the caBundle");
      return;
    }
    const patch = caBundlePatch(configuration, bundle.ca);
    if (patch === undefined) return;
    this.#configurations.set(key, await api.mergePatch(resource, undefined, name, patch));
    logger.info({ kind: resource.kind, name }, "Wrote the authorities that the API server trusts");
  }
}
