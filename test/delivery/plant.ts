import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CompiledPolicy } from "../../engine/compile/compiled-policy.ts";
import { type Clock, createSystemClock } from "../../host/clock.ts";
import { type DeliveryServer, startDeliveryServer } from "../../operator/delivery/delivery-server.ts";
import { createPolicyBook, type PolicyBook } from "../../operator/policy-book.ts";
import type { Signer } from "../../operator/trust/signer.ts";
import { type DeliveryClient, startDeliveryClient } from "../../sidecar/delivery/delivery-client.ts";
import { grpcConnect } from "../../sidecar/delivery/grpc-connect.ts";
import type { OperatorAccess } from "../../sidecar/delivery/operator-access.ts";
import type { ReplicaAddress } from "../../sidecar/delivery/resolve-operators.ts";
import type { Connect, StreamHandlers } from "../../sidecar/delivery/session.ts";
import { openPolicyDirectory, type PolicyDirectory } from "../../sidecar/last-known-good/policy-directory.ts";
import { type LoadPolicy, restorePolicy } from "../../sidecar/last-known-good/restore-policy.ts";
import { Snapshots } from "../../sidecar/snapshot/snapshots.ts";
import type { Verifier } from "../../sidecar/trust/verifier.ts";
import { loadAnything } from "../support/policies.ts";
import { type LogLine, recordingLogger, silent } from "../support/silent-logger.ts";

/** An operator's delivery, from its book to its socket. */
export interface TestOperator {
  readonly book: PolicyBook;
  readonly server: DeliveryServer;
}

/** A sidecar's delivery, from its stream to its directory. */
export interface TestSidecar {
  readonly snapshots: Snapshots;
  readonly client: DeliveryClient;
  readonly lines: LogLine[];
  /** Messages that came over the wire, by kind, since the sidecar started. */
  readonly heard: Map<string, number>;
  /** Ends it as a process ends. */
  stop(): Promise<void>;
}

export interface SidecarSettings {
  readonly addresses: readonly string[];
  readonly directory?: string;
  readonly domains?: readonly string[];
  readonly load?: LoadPolicy;
  /** Demands signatures. */
  readonly verifier?: Verifier;
  readonly behindMs?: number;
  readonly access?: OperatorAccess;
  /** Finds the replicas; default: those of `addresses`. */
  readonly resolve?: () => Promise<readonly ReplicaAddress[]>;
  /** The longest wait between sessions, in milliseconds; with the random number here each wait is half of it. */
  readonly maxRestMs?: number;
}

/** Starts operators and sidecars that talk over real sockets, and ends all of them. */
export class Plant {
  readonly #endings: (() => Promise<unknown>)[] = [];
  readonly clock: Clock;
  /** Signs what operators say that start from now on. */
  signer: Signer | undefined;

  constructor(clock: Clock = createSystemClock()) {
    this.clock = clock;
  }

  /** A fresh directory. */
  async directory(): Promise<string> {
    const path = await mkdtemp(join(tmpdir(), "sidegate-"));
    this.#endings.push(() => rm(path, { recursive: true, force: true }));
    return path;
  }

  async operator(listen = "127.0.0.1:0", ...policies: CompiledPolicy[]): Promise<TestOperator> {
    const book = createPolicyBook();
    for (const policy of policies) book.publish(policy);
    const settings = { heartbeatMs: 500, refusalMs: 20, progressMs: 50 };
    const { clock, signer } = this;
    const server = await startDeliveryServer({ book, listen, signer, clock, logger: silent, settings });
    this.#endings.push(() => server.stop(0));
    return { book, server };
  }

  async sidecar(settings: SidecarSettings): Promise<TestSidecar> {
    const { addresses, domains = ["shop"], load = loadAnything, behindMs = 100, maxRestMs = 20 } = settings;
    const { clock } = this;
    const { verifier, access, resolve } = settings;
    const { logger, lines } = recordingLogger();
    const snapshots = new Snapshots({ domains, clock });
    let kept: PolicyDirectory | undefined;
    if (settings.directory !== undefined) {
      kept = await openPolicyDirectory({ directory: settings.directory, domains, clock, logger });
      for (const store of kept.stores.values())
        await restorePolicy({ store, snapshots, load, verifier, clock, logger });
    }
    const heard = new Map<string, number>();
    const client = startDeliveryClient({
      ...{ addresses, sidecar: "pod-1", version: "1.0.0", snapshots, load, clock, logger, behindMs },
      stores: kept?.stores ?? new Map(),
      verifier,
      connect: counting(grpcConnect(access), heard),
      ...(resolve && { resolve }),
      random: () => 0.5,
      backoff: { baseMs: maxRestMs, maxMs: maxRestMs },
    });
    const stop = async () => {
      client.stop();
      await kept?.close();
    };
    this.#endings.push(stop);
    return { snapshots, client, lines, heard, stop };
  }

  async end(): Promise<void> {
    for (const ending of this.#endings.splice(0).reverse()) await ending();
  }
}

function counting(connect: Connect, heard: Map<string, number>): Connect {
  return (address, handlers, host) => {
    const message: StreamHandlers["message"] = (received) => {
      const kind = received.message ?? "";
      heard.set(kind, (heard.get(kind) ?? 0) + 1);
      handlers.message(received);
    };
    return connect(address, { ...handlers, message }, host);
  };
}
