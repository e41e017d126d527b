import type { Logger } from "pino";
import { serverLimits } from "../../engine/model/server-limits.ts";
import type { Address } from "../../host/address.ts";
import type { Clock } from "../../host/clock.ts";
import { type Listener, listen } from "../../host/listen.ts";
import { allDoors, type DoorTools } from "../api/all-doors.ts";
import type { WaitingPolicies } from "../api/await-position.ts";
import type { Door } from "../api/call.ts";
import { Turns } from "../api/turns.ts";
import type { CallCounts } from "../metrics/call-counts.ts";
import { TokenVerifier } from "../token/token-verifier.ts";
import { GrpcServer } from "./grpc-server.ts";
import type { HealthBoard } from "./health-board.ts";
import { mountDoor } from "./mount-door.ts";
import { mountHealth } from "./mount-health.ts";
import { mountReflection } from "./mount-reflection.ts";

export interface DecisionServerOptions {
  readonly policies: WaitingPolicies;
  readonly board: HealthBoard;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Default: nothing is counted. */
  readonly counts?: CallCounts;
  /** Default: all that there are, for whoever connects. */
  readonly doorsOf?: (tools: DoorTools) => readonly Door[];
}

/** What reflection lists. */
const SERVICES = ["sidegate.v1.Sidegate", "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection"];

/** The server for decisions: Sidegate, health and reflection on all addresses that it is told to listen at. */
export class DecisionServer {
  readonly #grpc: GrpcServer;
  readonly #logger: Logger;
  readonly #listeners: Listener[] = [];

  constructor({ policies, board, clock, logger, counts, doorsOf = allDoors }: DecisionServerOptions) {
    this.#logger = logger;
    this.#grpc = new GrpcServer(clock);
    const { server } = this.#grpc;
    const tokens = new TokenVerifier(logger);
    const doors = doorsOf({ policies, tokens, clock, turns: new Turns(), counts });
    for (const door of doors) mountDoor(server, door, logger, counts?.failed);
    mountHealth(server, board);
    mountReflection(server, SERVICES);
  }

  /** Returns the address with the port that was taken. Throws SG3102. */
  async listen(address: Address): Promise<Address> {
    const listener = await listen(address, {
      accept: this.#grpc.accept,
      logger: this.#logger,
      maxConnections: serverLimits.connections,
    });
    this.#listeners.push(listener);
    return listener.address;
  }

  /** Accepts nothing new, lets calls under way end, and after `graceMs` milliseconds cuts what is left. */
  async stop(graceMs: number): Promise<void> {
    for (const listener of this.#listeners.splice(0)) listener.close();
    await this.#grpc.stop(graceMs);
  }
}
