import type { Logger } from "pino";
import type { Clock } from "../../host/clock.ts";
import type { KubeApi } from "../kube/kube-api.ts";
import type { Part, Replica } from "../replica.ts";
import type { ServingCertificate } from "../trust/serving-certificate.ts";
import { createAskAccess } from "./ask-access.ts";
import { createDefaultHandler } from "./default.ts";
import { LoadedPolicies } from "./loaded-policies.ts";
import { OwnIdentity } from "./own-identity.ts";
import type { ReviewHandler } from "./review.ts";
import { createValidateHandler } from "./validate.ts";
import { startWebhookServer, type WebhookServer } from "./webhook-server.ts";

export interface WebhooksOptions extends Pick<Replica, "domains" | "isReady"> {
  /** Where the API server reaches them: "HOST:PORT". */
  readonly listen: string;
  readonly certificate: ServingCertificate;
  readonly api: Pick<KubeApi, "create">;
  readonly isNamespaceTerminating: (namespace: string) => Promise<boolean>;
  /** Opens what answers the reviews of pods. A rejection keeps the operator from starting. Absent: nothing is injected. */
  readonly openInjection?: (() => Promise<ReviewHandler>) | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The webhooks of a replica. Every replica serves them, whether it leads or not. */
export interface Webhooks extends Part {
  /** Where they are served, once they are. */
  readonly address: string | undefined;
}

export function createWebhooks(options: WebhooksOptions): Webhooks {
  const { listen, certificate, domains, isReady, api, isNamespaceTerminating, clock, logger } = options;
  const policies = new LoadedPolicies(clock);
  const identity = new OwnIdentity(api, logger);
  let server: WebhookServer | undefined;
  return {
    get address() {
      return server?.address;
    },
    async start() {
      server = await startWebhookServer({
        ...{ listen, certificate, clock, logger },
        routes: {
          "/validate": createValidateHandler({
            ...{ clock, logger, domains, isReady, isNamespaceTerminating, policies },
            askAccess: createAskAccess(api),
            ownUsername: () => identity.username(),
          }),
          "/default": createDefaultHandler({ isNamespaceTerminating }),
          ...(options.openInjection && { "/inject": await options.openInjection() }),
        },
      });
    },
    isReady: () => server !== undefined,
    // Before reading ends, so that what is still asked is judged by how things are.
    unserved: async () => server?.stop(),
    async stop() {
      await server?.stop(0);
      policies.stop();
    },
  };
}
