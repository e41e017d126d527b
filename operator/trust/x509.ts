import "reflect-metadata";
import {
  createPrivateKey,
  createPublicKey,
  X509Certificate as NodeCertificate,
  webcrypto,
} from "node:crypto";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";

/** A certificate and its private key, PEM. */
export interface CertificatePair {
  readonly certificate: string;
  readonly key: string;
}

/** From and until when a certificate is good, in milliseconds since 1970; written down in whole seconds. */
export interface Validity {
  readonly notBefore: number;
  readonly notAfter: number;
}

const ECDSA = { name: "ECDSA", namedCurve: "P-256" } as const;
const SIGNING = { name: "ECDSA", hash: "SHA-256" } as const;

/**
 * Makes a certificate authority: a new ECDSA P-256 key that signs itself and may sign certificates of servers, but no
 * further authorities.
 *
 * @param name of the subject; authorities of different keys have different ones, so that chains are found by name
 */
export async function makeAuthority(name: string, validity: Validity): Promise<CertificatePair> {
  const keys = await newKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      ...dates(validity),
      serialNumber: newSerialNumber(),
      name: `CN=${name}`,
      keys,
      signingAlgorithm: SIGNING,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
        await SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  );
  return { certificate: pem(certificate), key: await exportKey(keys.privateKey) };
}

/** Makes a certificate of a server, with a new ECDSA P-256 key. It ends no later than its issuer's. */
export async function makeServerCertificate(
  issuer: CertificatePair,
  dnsNames: readonly string[],
  validity: Validity,
): Promise<CertificatePair> {
  const keys = await newKeys();
  const authority = new X509Certificate(issuer.certificate);
  const extensions: Extension[] = [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
    new SubjectAlternativeNameExtension(dnsNames.map((value) => ({ type: "dns", value }))),
    await SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
    await AuthorityKeyIdentifierExtension.create(authority, false, webcrypto),
  ];
  const notAfter = Math.min(validity.notAfter, authority.notAfter.getTime());
  const certificate = await X509CertificateGenerator.create(
    {
      ...dates({ ...validity, notAfter }),
      serialNumber: newSerialNumber(),
      subject: "O=Sidegate",
      issuer: authority.subject,
      publicKey: keys.publicKey,
      signingKey: await importKey(issuer.key),
      signingAlgorithm: SIGNING,
      extensions,
    },
    webcrypto,
  );
  return { certificate: pem(certificate), key: await exportKey(keys.privateKey) };
}

/** Whether a private key (PEM) is that of a certificate (PEM). Throws where either can not be read. */
export function isPair({ certificate, key }: CertificatePair): boolean {
  const form = { type: "spki", format: "der" } as const;
  const own = createPublicKey(createPrivateKey(key)).export(form);
  return own.equals(createPublicKey(certificate).export(form));
}

/** When a certificate (PEM; of several, the first) ends, in milliseconds since 1970. */
export function notAfterOf(certificate: string): number {
  return Date.parse(new NodeCertificate(certificate).validTo);
}

function dates({ notBefore, notAfter }: Validity): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(notBefore), notAfter: new Date(notAfter) };
}

/** Positive, of 16 random bytes (RFC 5280 allows 20). */
function newSerialNumber(): string {
  const bytes = Buffer.from(webcrypto.getRandomValues(new Uint8Array(16)));
  return `01${bytes.toString("hex")}`;
}

function pem(certificate: X509Certificate): string {
  return `${certificate.toString("pem").trim()}\n`;
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ECDSA, true, ["sign", "verify"]);
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", key));
  return createPrivateKey({ key: der, format: "der", type: "pkcs8" })
    .export({ format: "pem", type: "pkcs8" })
    .toString();
}

function importKey(key: string): Promise<webcrypto.CryptoKey> {
  const der = createPrivateKey(key).export({ format: "der", type: "pkcs8" });
  return webcrypto.subtle.importKey("pkcs8", new Uint8Array(der), ECDSA, false, ["sign"]);
}
