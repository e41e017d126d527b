import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** The public half of an issuer's key. */
export interface IssuerKey {
  readonly kid: string;
  readonly jwk: object;
}

/** Somebody who signs tokens and publishes the keys. */
export interface Issuer {
  /** Where the keys are. */
  readonly address: string;
  /** What is published. */
  keys: readonly IssuerKey[];
  /** The status of answers; 200 unless it is changed. */
  status: number;
  /** How often the keys were asked for. */
  asked: number;
  stop(): Promise<void>;
}

export function createIssuerKey(kid: string): IssuerKey {
  const { publicKey } = generateKeyPairSync("ed25519");
  return { kid, jwk: { ...publicKey.export({ format: "jwk" }), alg: "EdDSA", kid, use: "sig" } };
}

/** Starts an issuer on loopback, whose answers may be used for a minute. */
export async function startIssuer(...keys: IssuerKey[]): Promise<Issuer> {
  const server = createServer((_request, response) => {
    issuer.asked++;
    response.writeHead(issuer.status, { "cache-control": "max-age=60" });
    response.end(JSON.stringify({ keys: issuer.keys.map(({ jwk }) => jwk) }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer: Issuer = {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`,
    keys,
    status: 200,
    asked: 0,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return issuer;
}
