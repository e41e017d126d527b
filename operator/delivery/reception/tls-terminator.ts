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

export interface TlsTerminatorOptions {
  readonly certificate: ServingCertificate;
  readonly logger: Logger;
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
  readonly #certificate: ServingCertificate;
  readonly #unsubscribe: () => void;

  /** Throws SG2164 for a certificate that can not be used. */
  constructor({ certificate, logger, handshakeMs, accept }: TlsTerminatorOptions) {
    this.#certificate = certificate;
    this.#logger = logger;
    try {
      this.#server = createServer(
        {
          ...this.#context(),
          ALPNProtocols: [PROTOCOL],
          handshakeTimeout: handshakeMs,
        },
        (socket) => {
          if (socket.alpnProtocol === PROTOCOL) accept(socket);
          else socket.destroy();
        },
      );
    } catch (error) {
      throw new SidegateError("SG2164", messageOf(error), { cause: error });
    }
    this.#server.on("tlsClientError", (error, socket) => {
      logger.debug({ peer: socket.remoteAddress, error: messageOf(error) }, "A TLS handshake failed");
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
