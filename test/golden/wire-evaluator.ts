import { expect } from "vitest";
import type { CaseRequest, CaseResult } from "../../cli/cases/case-world.ts";
import { InvalidRequestError } from "../../client/errors.ts";
import { SidegateClient } from "../../client/sidegate-client.ts";
import { deliveryLimits } from "../../engine/model/delivery-limits.ts";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import { formatAddress } from "../../host/address.ts";
import { createSystemClock } from "../../host/clock.ts";
import { type Operator, startOperator } from "../../operator/operator.ts";
import { FolderWorld } from "../../operator/source/folder/folder-world.ts";
import type { Source } from "../../operator/source/source.ts";
import type { WaitingPolicies } from "../../sidecar/api/await-position.ts";
import { DecisionServer } from "../../sidecar/server/decision-server.ts";
import { HealthBoard } from "../../sidecar/server/health-board.ts";
import { type Sidecar, type SidecarOptions, startSidecar } from "../../sidecar/sidecar.ts";
import { FRESH } from "../../sidecar/snapshot/freshness.ts";
import type { Snapshots } from "../../sidecar/snapshot/snapshots.ts";
import { until } from "../support/raw-sidecar.ts";
import { silent } from "../support/silent-logger.ts";
import type { ExplainEvaluator } from "./run-explanations.ts";
import type { Evaluator } from "./run-golden.ts";
import type { GrantEvaluator } from "./run-grants.ts";
import type { ListEvaluator } from "./run-lists.ts";
import { type Counter, toQuery, wireAnswers } from "./wire-answers.ts";

type Objects = readonly SidegateObject[];

/** A running operator with sidecars, each world a domain of its own. */
export interface Wire {
  readonly decisions: Evaluator;
  readonly answers: GrantEvaluator & ListEvaluator & ExplainEvaluator;
  stop(): Promise<void>;
}

/** What is special about the sidecars. */
type SidecarSettings = Pick<SidecarOptions, "shardMemory">;

/**
 * Starts an operator that has all worlds from the folder source's hands, and sidecars for them. Each answers by the policy
 * that was delivered to it, through its real doors; only the wall clock of the doors is that of the case.
 */
export async function startWire(worlds: readonly Objects[], settings: SidecarSettings = {}): Promise<Wire> {
  const domains = new Map(worlds.map((objects, index) => [objects, `world-${index}`]));
  const operator = await startOperator({
    createSource: () => folderSource(domains),
    listen: "127.0.0.1:0",
    clock: createSystemClock(),
    logger: silent,
    onFatal: (error) => {
      throw error;
    },
  });
  await operator.ready;
  const names = [...domains.values()];
  const clerks = new Map<string, Clerk>();
  const all: Clerk[] = [];
  for (let first = 0; first < names.length; first += deliveryLimits.domains) {
    const served = names.slice(first, first + deliveryLimits.domains);
    const clerk = await Clerk.start(`golden-${first}`, served, operator, settings);
    all.push(clerk);
    for (const name of served) clerks.set(name, clerk);
  }
  const counterOf = (objects: Objects): Counter => {
    const domain = domains.get(objects) as string;
    const clerk = clerks.get(domain) as Clerk;
    return { domain, at: (now) => clerk.at(now), revision: operator.book.current(domain)?.revision };
  };
  return {
    decisions: {
      name: "Wire",
      load: async (objects) => {
        const counter = counterOf(objects);
        return { decide: (request, now) => check(counter, request, now), close: async () => {} };
      },
    },
    answers: wireAnswers(counterOf),
    async stop() {
      for (const clerk of all) await clerk.stop();
      await operator.stop();
    },
  };
}

function folderSource(domains: ReadonlyMap<Objects, string>): Source {
  return {
    async start(events) {
      const place = { file: "golden.yaml", line: 1, path: "" };
      const manifests = [...domains].flatMap(([objects, domain]) =>
        objects.map(
          (object) =>
            [`${domain}/${object.kind}/${object.metadata.name}`, { domain, object, ...place }] as const,
        ),
      );
      new FolderWorld().load(new Map(manifests), "1", events);
      events.synced();
    },
    stop: async () => {},
  };
}

/** A sidecar, a second set of doors over its policies with a clock of their own, and a client of these. */
class Clerk {
  readonly #sidecar: Sidecar;
  readonly #server: DecisionServer;
  readonly #client: SidegateClient;
  readonly #clock: { wall: number };

  private constructor(sidecar: Sidecar, server: DecisionServer, address: string, clock: { wall: number }) {
    this.#sidecar = sidecar;
    this.#server = server;
    this.#client = new SidegateClient({ address });
    this.#clock = clock;
  }

  static async start(
    name: string,
    domains: readonly string[],
    operator: Operator,
    settings: SidecarSettings,
  ): Promise<Clerk> {
    const real = createSystemClock();
    const sidecar = await startSidecar({
      ...{ domains, operators: [operator.delivery.address], listen: [], name, version: "0" },
      ...{ clock: real, random: () => 0, logger: silent, ...settings },
    });
    await until(() => sidecar.snapshots.ready);
    const clock = { wall: 0 };
    const server = new DecisionServer({
      policies: alwaysFresh(sidecar.snapshots),
      board: new HealthBoard(),
      clock: { ...real, wallTime: () => clock.wall },
      logger: silent,
    });
    const address = formatAddress(await server.listen({ host: "127.0.0.1", port: 0 }));
    return new Clerk(sidecar, server, address, clock);
  }

  /** The client, with the clock of the doors set. @param now milliseconds since 1970 */
  at(now: number): SidegateClient {
    this.#clock.wall = now;
    return this.#client;
  }

  async stop(): Promise<void> {
    this.#client.close();
    await this.#server.stop(0);
    await this.#sidecar.stop();
  }
}

async function check(
  { domain, at, revision }: Counter,
  request: CaseRequest,
  now: number,
): Promise<CaseResult> {
  try {
    const { permission } = request;
    const decision = await at(now).check({ ...toQuery(domain, request), permission });
    const { allowed, reason, disclosure, level, publicReason } = decision;
    expect(allowed).toBe(reason === "Allowed");
    expect(publicReason).toBe(disclosure === "NotFound" ? undefined : reason);
    expect(decision.revision).toBe(revision);
    return { outcome: reason, ...(disclosure && { disclosure }), ...(level && { level }) };
  } catch (error) {
    if (error instanceof InvalidRequestError) return { outcome: "InvalidRequest" };
    throw error;
  }
}

/** The policies of a sidecar, however old the clock of a case makes them. */
function alwaysFresh(snapshots: Snapshots): WaitingPolicies {
  return {
    sole: snapshots.sole,
    domains: () => snapshots.domains(),
    get: (domain) => snapshots.get(domain),
    freshness: () => FRESH,
    waitFor: (...args) => snapshots.waitFor(...args),
  };
}
