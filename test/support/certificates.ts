import type { ServingCertificate } from "../../operator/trust/serving-certificate.ts";
import { type CertificatePair, makeAuthority, makeServerCertificate } from "../../operator/trust/x509.ts";

/** An authority of a test and what a server serves with. */
export class TestCertificate implements ServingCertificate {
  /** PEM. */
  readonly ca: string;
  readonly #authority: CertificatePair;
  readonly #names: readonly string[];
  readonly #listeners = new Set<() => void>();
  current: { cert: string; key: string };

  private constructor(authority: CertificatePair, names: readonly string[], first: CertificatePair) {
    this.ca = authority.certificate;
    this.#authority = authority;
    this.#names = names;
    this.current = { cert: first.certificate, key: first.key };
  }

  /** @param names DNS names of the server */
  static async make(...names: string[]): Promise<TestCertificate> {
    const authority = await makeAuthority("test authority", validity());
    return new TestCertificate(authority, names, await makeServerCertificate(authority, names, validity()));
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Serves with another certificate of the same authority. */
  async rotate(): Promise<void> {
    const { certificate, key } = await makeServerCertificate(this.#authority, this.#names, validity());
    this.set(certificate, key);
  }

  set(cert: string, key: string): void {
    this.current = { cert, key };
    for (const listener of this.#listeners) listener();
  }
}

/** By the real clock, since TLS looks at no other. */
function validity() {
  const now = Date.now();
  return { notBefore: now - 60_000, notAfter: now + 3_600_000 };
}
