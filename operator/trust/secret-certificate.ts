/**
 * The certificate of a Secret of type kubernetes.io/tls, which somebody else keeps (cert-manager), with its authority.
 *
 *   waiting   there has been no usable Secret
 *   holding   the last usable one counts, whatever becomes of the Secret
 *
 *   waiting -> holding    a usable Secret comes; each further one takes its place
 */

import { X509Certificate } from "node:crypto";
import type { Logger } from "pino";
import { messageOf } from "../../engine/errors/message-of.ts";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import type { KubeObject } from "../kube/kube-api.ts";
import type { Reflector } from "../kube/reflector.ts";
import { type FollowTools, followName } from "./follow-name.ts";
import { Listeners } from "./listeners.ts";
import { secretResource } from "./resources.ts";
import type { ServingCertificate } from "./serving-certificate.ts";
import { isPair } from "./x509.ts";

interface Held {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

export interface SecretCertificateOptions extends FollowTools {
  readonly namespace: string;
  readonly name: string;
}

const BLOCK = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

export class SecretCertificate implements ServingCertificate {
  readonly #name: string;
  readonly #logger: Logger;
  readonly #reflector: Reflector;
  readonly #listeners = new Listeners();
  #held: Held | undefined;
  #becomeKnown: () => void = () => {};

  constructor(options: SecretCertificateOptions) {
    const { namespace, name, logger } = options;
    this.#name = name;
    this.#logger = logger;
    const followed = { resource: secretResource, namespace, name };
    this.#reflector = followName(options, followed, {
      put: (object) => this.#read(object),
      remove: () => logger.warn({ name }, "The Secret of the certificate is gone; the last one stays in use"),
      listed: () => {
        if (this.#held === undefined) logger.warn({ name }, "Waiting for the Secret of the certificate");
      },
    });
  }

  get current(): { readonly cert: string; readonly key: string } {
    return this.#known();
  }

  /** The certificates of its authority, PEM. */
  get ca(): string {
    return this.#known().ca;
  }

  subscribe(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  /** Resolves when there is a certificate, however long that takes. */
  async start(): Promise<void> {
    const known = new Promise<void>((resolve) => {
      this.#becomeKnown = resolve;
    });
    this.#reflector.start();
    await known;
  }

  stop(): Promise<void> {
    return this.#reflector.stop();
  }

  #known(): Held {
    if (this.#held === undefined) throw new Error("There is no certificate yet");
    return this.#held;
  }

  #read(object: KubeObject): void {
    let held: Held;
    try {
      held = readCertificateSecret(object);
    } catch (error) {
      this.#logger.error({ name: this.#name, err: error }, "The Secret of the certificate can not be used");
      return;
    }
    const before = this.#held;
    if (before?.cert === held.cert && before.key === held.key && before.ca === held.ca) return;
    this.#held = held;
    this.#logger.info({ name: this.#name }, "Took a certificate to serve with");
    this.#becomeKnown();
    this.#listeners.tell();
  }
}

/**
 * Reads a Secret of type kubernetes.io/tls that has its authority beside.
 *
 * @throws SidegateError SG4402
 */
export function readCertificateSecret({ data }: KubeObject): Held {
  const entries = (data ?? {}) as Record<string, unknown>;
  const [cert, key, ca] = ["tls.crt", "tls.key", "ca.crt"].map((name) => {
    const entry = entries[name];
    if (typeof entry !== "string" || entry === "") throw unusable(`it has no ${name}`);
    return Buffer.from(entry, "base64").toString("utf8");
  }) as [string, string, string];
  try {
    if (!isPair({ certificate: cert, key })) throw unusable("tls.key is not the key of tls.crt");
    const blocks = ca.match(BLOCK) ?? [];
    if (blocks.length === 0) throw unusable("ca.crt holds no certificate");
    return {
      cert,
      key,
      ca: blocks.map((block) => `${new X509Certificate(block).toString().trim()}\n`).join(""),
    };
  } catch (error) {
    throw error instanceof SidegateError ? error : unusable(messageOf(error));
  }
}

function unusable(detail: string): SidegateError {
  return new SidegateError("SG4402", detail);
}
