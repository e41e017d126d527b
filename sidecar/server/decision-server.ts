import type { Logger } from "pino";
import { serverLimits } from "../../engine/model/server-limits.ts";
import type { Address } from "../../host/address.ts";
import type { Clock } from "../../host/clock.ts";
import { type Listener, listen } from "../../host/listen.ts";
import type { WaitingPolicies } from "../api/await-position.ts";
import { batchCheckDoor } from "../api/batch-check.ts";
import { canGrantDoor } from "../api/can-grant.ts";
import { checkDoor } from "../api/check.ts";
import { explainDoor } from "../api/explain.ts";
import { listDoor } from "../api/list-door.ts";
import { grantableList } from "../api/list-grantable.ts";
import { permissionList } from "../api/list-permissions.ts";
import { scopeList } from "../api/list-scopes.ts";
import { subjectList } from "../api/list-subjects.ts";
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
}

/** What reflection lists. */
const SERVICES = ["sidegate.v1.Sidegate", "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection"];

/** The server for decisions: Sidegate, health and reflection on all addresses that it is told to listen at. */
export class DecisionServer {
  readonly #grpc: GrpcServer;
  readonly #logger: Logger;
  readonly #listeners: Listener[] = [];

  constructor({ policies, board, clock, logger, counts }: DecisionServerOptions) {
    this.#logger = logger;
    this.#grpc = new GrpcServer(clock);
    const { server } = this.#grpc;
    const tokens = new TokenVerifier(logger);
    const tools = { policies, tokens, clock, turns: new Turns() };
    const doors = [
      checkDoor(policies, tokens, clock, counts?.decided),
      batchCheckDoor(policies, tokens, clock, counts?.decided),
      explainDoor(tools),
      listDoor(permissionList, tools),
      listDoor(subjectList, tools),
      listDoor(scopeList, tools),
      canGrantDoor(tools),
      listDoor(grantableList, tools),
    ];
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
