import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import {
  type ChannelCredentials,
  type ChannelOptions,
  Client,
  credentials as grpcCredentials,
  Metadata,
} from "@grpc/grpc-js";
import { messageOf } from "../../engine/errors/message-of.ts";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";

/** How a sidecar knows the operator and proves who it is itself. All files are read again for each connection. */
export interface OperatorAccess {
  /** A file (PEM) with the authorities that vouch for the operator. Absent: plain text, for loopback and sockets. */
  readonly ca?: string | undefined;
  /** The name in the operator's certificate. Default: the host of the address as it was given. */
  readonly serverName?: string | undefined;
  /** A file with the sidecar's token; only with `ca`, since a token is never sent in plain text. */
  readonly tokenFile?: string | undefined;
}

/** A client for one connection, and what goes with each call on it. */
export interface OperatorChannel {
  readonly client: Client;
  readonly metadata: Metadata;
}

const PEM_CERTIFICATE = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----/;

/**
 * Prepares a connection; it is made with the first call. Throws SG2161 and SG2162 for files that can not be read.
 *
 * @param host what the address was resolved from
 */
export function openChannel(
  address: string,
  host: string | undefined,
  { ca, serverName = host, tokenFile }: OperatorAccess,
  options: ChannelOptions,
): OperatorChannel {
  if (ca === undefined)
    return {
      client: new Client(address, grpcCredentials.createInsecure(), options),
      metadata: new Metadata(),
    };
  const authority = readAuthority(ca);
  const metadata = new Metadata();
  if (tokenFile !== undefined) metadata.set("authorization", `Bearer ${readToken(tokenFile)}`);
  const client = new Client(address, authority, { ...options, ...namedBy(serverName) });
  return { client, metadata };
}

// An IP address stands for itself: TLS has no server name for it (RFC 6066, 3).
function namedBy(serverName: string | undefined): ChannelOptions {
  if (serverName === undefined || isIP(serverName) > 0) return {};
  return { "grpc.ssl_target_name_override": serverName, "grpc.default_authority": serverName };
}

function readAuthority(path: string): ChannelCredentials {
  const pem = read(path, "SG2162");
  if (!PEM_CERTIFICATE.test(pem)) throw new SidegateError("SG2162", `${path} holds no certificate in PEM`);
  try {
    return grpcCredentials.createSsl(Buffer.from(pem));
  } catch (error) {
    throw new SidegateError("SG2162", `${path}: ${messageOf(error)}`, { cause: error });
  }
}

function readToken(path: string): string {
  const token = read(path, "SG2161").trim();
  if (token === "" || /\s/.test(token)) throw new SidegateError("SG2161", `${path} holds no token`);
  return token;
}

/** Small files of a memory file system, read in the same turn so that connecting has no state in between. */
function read(path: string, code: "SG2161" | "SG2162"): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new SidegateError(code, `${path}: ${messageOf(error)}`, { cause: error });
  }
}
