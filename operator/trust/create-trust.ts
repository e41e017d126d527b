import type { Logger } from "pino";
import type { Clock } from "../../host/clock.ts";
import type { Duty } from "../duty.ts";
import type { InClusterOptions } from "../installation.ts";
import type { KubeApi } from "../kube/kube-api.ts";
import type { Part, Replica } from "../replica.ts";
import { AuthorityKeeper } from "./authority-keeper.ts";
import { createEnsureNamespace } from "./ensure-namespace.ts";
import { KeySigner } from "./key-signer.ts";
import { OwnCertificate } from "./own-certificate.ts";
import { RotationDuty } from "./rotation-duty.ts";
import { SecretCertificate } from "./secret-certificate.ts";
import { serverNames } from "./server-names.ts";
import type { ServingCertificate } from "./serving-certificate.ts";
import type { Signer } from "./signer.ts";
import { mixedBundle, OwnBundle } from "./trust-bundle.ts";
import { TrustDistributor } from "./trust-distributor.ts";
import { notAfterOf } from "./x509.ts";

export interface TrustOptions {
  readonly installation: Pick<
    InClusterOptions,
    "namespace" | "service" | "certificates" | "validatingWebhooks" | "mutatingWebhooks"
  >;
  readonly api: KubeApi;
  /** The only namespace that the operator serves. Absent: it serves all. */
  readonly onlyNamespace?: string | undefined;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly logger: Logger;
}

/** What a replica vouches with, and what the leader does so that others know. */
export interface Trust {
  /** Its start resolves when the authority and the certificate are there; nothing else is to be used before. */
  readonly part: Part;
  readonly certificate: ServingCertificate;
  readonly signer: Signer;
  /** Makes sure that a namespace has ConfigMap sidegate-trust; rejects with KubeError. On any replica. */
  readonly ensureNamespace: (namespace: string) => Promise<void>;
  /** What the leader does in one term, through an API that ends with it. */
  createDuties(api: KubeApi, replica: Pick<Replica, "book">): readonly Duty[];
}

/** When the certificate that this replica serves with ends, in seconds since 1970. */
const EXPIRY = "sidegate_operator_certificate_expiry_timestamp_seconds";

export function createTrust(options: TrustOptions): Trust {
  const { installation, api, onlyNamespace, clock, random, logger } = options;
  const { namespace, service, certificates, validatingWebhooks, mutatingWebhooks } = installation;
  const tools = { api, namespace, clock, random, logger };
  const keeper = new AuthorityKeeper(tools);
  const ownBundle = new OwnBundle(keeper);
  const { certificate, bundle } =
    certificates.from === "own"
      ? {
          certificate: new OwnCertificate({
            ...{ keeper, clock, logger },
            dnsNames: serverNames(service, namespace),
          }),
          bundle: ownBundle,
        }
      : fromSecret(new SecretCertificate({ ...tools, name: certificates.name }), ownBundle);
  let hasStarted = false;
  return {
    part: {
      async start() {
        await keeper.start();
        await certificate.start();
        hasStarted = true;
      },
      gauges: () => (hasStarted ? { [EXPIRY]: notAfterOf(certificate.current.cert) / 1_000 } : {}),
      async stop() {
        await certificate.stop();
        await keeper.stop();
      },
    },
    certificate,
    signer: new KeySigner(keeper, clock),
    ensureNamespace: createEnsureNamespace(api, bundle),
    createDuties: (termApi, { book }) => [
      new RotationDuty({ keeper, api: termApi, clock, logger }),
      new TrustDistributor({
        ...{ api: termApi, bundle, namespace: onlyNamespace, clock, random, logger },
        ...{ validatingWebhooks, mutatingWebhooks },
        // Sidecars of nodes run in the operator's own namespace, which is no domain.
        domains: () => [namespace, ...book.domains()],
      }),
    ],
  };
}

function fromSecret(certificate: SecretCertificate, keys: OwnBundle) {
  return { certificate, bundle: mixedBundle(certificate, keys) };
}
