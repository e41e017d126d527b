import { Server, ServerCredentials, type ServerWritableStream } from "@grpc/grpc-js";
import type { Logger } from "pino";
import { formatAddress, parseAddress, socketModes } from "../../host/address.ts";
import type { Clock } from "../../host/clock.ts";
import { Connections } from "../../host/connections.ts";
import { type Listener, listen } from "../../host/listen.ts";
import { fleetService } from "../../proto/fleet-service.ts";
import type { ListSidecarsRequest, SidecarState } from "../../proto/generated/fleet.js";
import type { Fleet } from "../fleet/fleet.ts";
import type { Part } from "../replica.ts";
import { sidecarStates } from "./sidecar-states.ts";

export interface AdminServerOptions {
  /** "HOST:PORT", on loopback, or "unix:PATH": whoever can connect may ask. */
  readonly listen: string;
  readonly fleet: Pick<Fleet, "members">;
  readonly clock: Clock;
  readonly logger: Logger;
}

const MAX_CONNECTIONS = 16;
/** How long answers under way may take when the operator stops, in milliseconds. */
const GRACE_MS = 1000;

/** Answers administrators: which sidecar has what. `start` rejects with SG3102 or SG3103 where it can not listen. */
export class AdminServer implements Part {
  readonly #options: AdminServerOptions;
  readonly #server = new Server({ "grpc.enable_channelz": 0, "grpc.max_concurrent_streams": 16 });
  readonly #connections = new Connections();
  #listener: Listener | undefined;

  constructor(options: AdminServerOptions) {
    this.#options = options;
    this.#server.addService(fleetService, {
      listSidecars: (call: ServerWritableStream<ListSidecarsRequest, SidecarState>) => void this.#list(call),
    });
  }

  /** Where it listens, as gRPC clients take it; undefined until it is started. */
  get address(): string | undefined {
    return this.#listener && formatAddress(this.#listener.address);
  }

  async start(): Promise<void> {
    const { logger } = this.#options;
    const injector = this.#server.createConnectionInjector(ServerCredentials.createInsecure());
    this.#listener = await listen(parseAddress(this.#options.listen, socketModes.owner), {
      logger,
      maxConnections: MAX_CONNECTIONS,
      accept: (socket) => {
        this.#connections.add(socket);
        injector.injectConnection(socket);
      },
    });
    logger.info({ address: this.address }, "Answers administrators");
  }

  async stop(): Promise<void> {
    this.#listener?.close();
    this.#server.tryShutdown(() => {});
    await this.#connections.closed(this.#options.clock, GRACE_MS);
  }

  /** Makes each message when the last one was taken, so that a slow reader costs one. */
  async #list(call: ServerWritableStream<ListSidecarsRequest, SidecarState>): Promise<void> {
    const { fleet, clock } = this.#options;
    const at = { now: clock.now(), wall: clock.wallTime() };
    // As they are now: members come and go while a slow reader is written to.
    const members = [...fleet.members()];
    for (const state of sidecarStates({ members: () => members }, call.request.domain, at)) {
      if (call.cancelled) return;
      if (!call.write(state)) await taken(call);
    }
    call.end();
  }
}

/** Resolves when there is room again, or nobody to write to any more. */
function taken(call: ServerWritableStream<unknown, unknown>): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      call.off("drain", done);
      call.off("cancelled", done);
      resolve();
    };
    call.once("drain", done);
    call.once("cancelled", done);
  });
}
