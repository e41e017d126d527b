/**
 * Ends TLS in front of the gRPC server. grpc-js itself reads certificates once, when it starts to listen; this follows the
 * certificate as it is rotated. Connections that are open keep the one that they began with.
 */
import type { Socket } from "node:net";
import { createServer, type Server, type TLSSocket } from "node:tls";
import type { Logger } from "pino";
import { messageOf } from "../../../engine/errors/message-of.ts";
import { SidegateError } from "../../../engine/errors/sidegate-error.ts";
import type { ServingCertificate } from "../../trust/serving-certificate.ts";
import type { RefusalLog } from "./refusal-log.ts";

export interface TlsTerminatorOptions {
  readonly certificate: ServingCertificate;
  readonly logger: Logger;
  readonly refusals: RefusalLog;
  /** Until a handshake must be over, in milliseconds. */
  readonly handshakeMs: number;
  /** Takes a connection whose handshake is over and that speaks HTTP/2. */
  readonly accept: (socket: TLSSocket) => void;
}

/** HTTP/2 over TLS (RFC 7540, 3.3); without it a peer is no gRPC client. */
const PROTOCOL = "h2";

export class TlsTerminator {
  readonly #server: Server;
  readonly #logger: Logger;
  readonly #refusals: RefusalLog;
  readonly #certificate: ServingCertificate;
  readonly #unsubscribe: () => void;

  /** Throws SG2164 for a certificate that can not be used. */
  constructor({ certificate, logger, refusals, handshakeMs, accept }: TlsTerminatorOptions) {
    this.#certificate = certificate;
    this.#logger = logger;
    this.#refusals = refusals;
    try {
      this.#server = createServer(
        {
          ...this.#context(),
          ALPNProtocols: [PROTOCOL],
          handshakeTimeout: handshakeMs,
        },
        (socket) => {
          if (socket.alpnProtocol === PROTOCOL) accept(socket);
          else {
            this.#refuse(socket, "it speaks no HTTP/2");
            socket.destroy();
          }
        },
      );
    } catch (error) {
      throw new SidegateError("SG2164", messageOf(error), { cause: error });
    }
    this.#server.on("tlsClientError", (error, socket) => {
      // Whoever only looks whether somebody listens goes without a word.
      if (isWrong(error)) this.#refuse(socket, messageOf(error).trim());
      else logger.debug({ peer: socket.remoteAddress, error: messageOf(error) }, "A TLS handshake failed");
      socket.destroy();
    });
    this.#unsubscribe = certificate.subscribe(() => this.#rotate());
  }

  /** Takes a connection over, its end and its errors included. */
  accept(socket: Socket): void {
    // What comes before TLS takes the socket over, and after it let go of it.
    socket.on("error", () => socket.destroy());
    this.#server.emit("connection", socket);
  }

  /** Ends nothing that is open. */
  stop(): void {
    this.#unsubscribe();
  }

  #refuse({ remoteAddress: peer = "" }: Socket, why: string): void {
    this.#refusals.report(peer, new SidegateError("SG2006", why), { peer }, "A TLS handshake failed");
  }

  #rotate(): void {
    try {
      this.#server.setSecureContext(this.#context());
      this.#logger.info("Serves with a new certificate");
    } catch (error) {
      const { code, message } = new SidegateError("SG2164", messageOf(error));
      this.#logger.error({ code, error: message }, "A new certificate can not be used; the one before stays");
    }
  }

  #context() {
    const { cert, key } = this.#certificate.current;
    return { cert, key, minVersion: "TLSv1.2" } as const;
  }
}

/** Whether TLS itself failed, and not only the connection. */
function isWrong(error: NodeJS.ErrnoException): boolean {
  return error.code?.startsWith("ERR_SSL_") ?? false;
}
