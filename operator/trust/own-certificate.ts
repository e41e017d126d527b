/**
 * The certificate that a replica makes for itself, of the authority whose time it is. It lives in memory only.
 *
 * A new one is made when two thirds of its life are over and when another authority is the active one, looking every ten
 * minutes and whenever the authority changes. What can not be made is tried again with the next look; until then the
 * last one goes on.
 */

import type { Logger } from "pino";
import type { Clock } from "../../host/clock.ts";
import type { AuthorityKeeper } from "./authority-keeper.ts";
import { activeOf } from "./generations.ts";
import { Listeners } from "./listeners.ts";
import { BACKDATED_MS, LEAF_MS } from "./schedules.ts";
import type { ServingCertificate } from "./serving-certificate.ts";
import { makeServerCertificate } from "./x509.ts";

const LOOK_MS = 10 * 60_000;
const RENEW_AFTER = 2 / 3;

export interface OwnCertificateOptions {
  readonly keeper: Pick<AuthorityKeeper, "state" | "subscribe">;
  /** By which clients may call this replica. */
  readonly dnsNames: readonly string[];
  readonly clock: Clock;
  readonly logger: Logger;
}

interface Issued {
  readonly cert: string;
  readonly key: string;
  readonly issuer: string;
  readonly issuedAt: number;
}

export class OwnCertificate implements ServingCertificate {
  readonly #options: OwnCertificateOptions;
  readonly #listeners = new Listeners();
  #issued: Issued | undefined;
  #looking: Promise<void> = Promise.resolve();
  #unsubscribe: () => void = () => {};
  #cancelLook: () => void = () => {};
  #isStopped = false;

  constructor(options: OwnCertificateOptions) {
    this.#options = options;
  }

  get current(): { readonly cert: string; readonly key: string } {
    if (this.#issued === undefined) throw new Error("There is no certificate yet");
    return this.#issued;
  }

  subscribe(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  /** Makes the first certificate. The keeper must have started. */
  async start(): Promise<void> {
    this.#unsubscribe = this.#options.keeper.subscribe(() => this.#look());
    this.#look();
    await this.#looking;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#unsubscribe();
    this.#cancelLook();
    await this.#looking;
  }

  #look(): void {
    this.#cancelLook();
    this.#looking = this.#looking.then(() => this.#renew());
    this.#cancelLook = this.#options.clock.after(LOOK_MS, () => this.#look());
  }

  /** Never rejects. */
  async #renew(): Promise<void> {
    const { keeper, dnsNames, clock, logger } = this.#options;
    const now = clock.wallTime();
    const authority = activeOf(keeper.state.authorities, now);
    if (this.#isStopped || (authority && this.#isGood(authority.id, now))) return;
    try {
      if (authority?.key === undefined) throw new Error("There is no authority to issue certificates");
      const { certificate: issuer, key: issuerKey } = authority;
      const pair = await makeServerCertificate({ certificate: issuer, key: issuerKey }, dnsNames, {
        notBefore: now - BACKDATED_MS,
        notAfter: now + LEAF_MS,
      });
      this.#issued = { cert: pair.certificate, key: pair.key, issuer: authority.id, issuedAt: now };
      logger.info({ authority: authority.id, dnsNames }, "Made a certificate to serve with");
      this.#listeners.tell();
    } catch (error) {
      logger.error({ err: error }, "Could not make a certificate to serve with");
    }
  }

  #isGood(authority: string, now: number): boolean {
    if (this.#issued?.issuer !== authority) return false;
    // A clock that was ahead made one that begins too late, or would not be renewed for long.
    const age = now - this.#issued.issuedAt;
    return age < LEAF_MS * RENEW_AFTER && age > -BACKDATED_MS;
  }
}
