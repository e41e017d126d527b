import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Logger } from "pino";
import type { Address } from "../../host/address.ts";
import type { Clock } from "../../host/clock.ts";
import { type Operator, startOperator } from "../../operator/operator.ts";
import { type FolderReport, FolderSource } from "../../operator/source/folder/folder-source.ts";
import { type Sidecar, startSidecar } from "../../sidecar/sidecar.ts";
import { createValidator } from "../folder/read-folder.ts";

/** A load that was good. */
export type Loaded = Extract<FolderReport, { outcome: "Loaded" }>;

export interface DevOptions {
  readonly folder: string;
  /** The domain of manifests without a namespace. */
  readonly domain: string;
  /** Where to answer checks. */
  readonly listen: readonly Address[];
  /** A directory for sockets, which nobody else may look into. */
  readonly privateDirectory: string;
  /** Where to keep the last known good policy and the number of the last load; absent: nowhere. */
  readonly dataDirectory?: string | undefined;
  /** A name that no other process has. */
  readonly name: string;
  readonly version: string;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly logger: Logger;
  /** Told of each load of the folder, good or bad. */
  readonly onReport: (report: FolderReport) => void;
  /** Ends the wait for a folder that is broken at the start. */
  readonly signal: AbortSignal;
}

/** An operator on a folder and a sidecar, in one process. */
export interface Dev {
  readonly sidecar: Sidecar;
  /** The domains that the sidecar serves: those of the first load. */
  readonly domains: readonly string[];
  stop(): Promise<void>;
}

/**
 * Starts the same operator and the same sidecar as in a cluster, with a folder in the place of the API server and a socket
 * between them: compile, stream, swap, acknowledge, decide. The sidecar starts once the folder was loaded, since only then
 * it is known which domains there are; so with a folder that is broken this waits until it is mended.
 *
 * @returns undefined if the wait was ended
 * @throws SidegateError SG3102 where an address is taken
 */
export async function startDev(options: DevOptions): Promise<Dev | undefined> {
  const { clock, logger, version, name, random, dataDirectory, listen, domain, signal } = options;
  const socket = join(options.privateDirectory, `${name}-delivery.sock`);
  const loaded = new FirstLoad(signal);
  const operator = await startFolderOperator(options, `unix:${socket}`, loaded);
  const stopOperator = async () => {
    await operator.stop();
    rmSync(socket, { force: true });
  };
  try {
    const first = await loaded.report;
    if (first === undefined) {
      await stopOperator();
      return undefined;
    }
    const domains = domainsOf(first, domain);
    const sidecar = await startSidecar({
      domains,
      operators: [operator.delivery.address],
      listen,
      directory: dataDirectory === undefined ? undefined : join(dataDirectory, "policies"),
      name,
      version,
      clock,
      random,
      logger,
      // Whoever develops wants the prompt back.
      graceMs: 0,
    });
    return {
      sidecar,
      domains,
      async stop() {
        await sidecar.stop();
        await stopOperator();
      },
    };
  } catch (error) {
    await stopOperator();
    throw error;
  }
}

/** Resolves with the first good load, or with undefined when the signal is aborted before. */
class FirstLoad {
  readonly report: Promise<Loaded | undefined>;
  #resolve: (report: Loaded | undefined) => void = () => {};

  constructor(signal: AbortSignal) {
    this.report = new Promise((resolve) => {
      this.#resolve = resolve;
      signal.addEventListener("abort", () => resolve(undefined), { once: true });
      if (signal.aborted) resolve(undefined);
    });
  }

  tell(report: FolderReport): void {
    if (report.outcome === "Loaded") this.#resolve(report);
  }
}

function startFolderOperator(options: DevOptions, listen: string, loaded: FirstLoad): Promise<Operator> {
  const { folder, domain, clock, random, logger, dataDirectory, onReport } = options;
  return startOperator({
    createSource: ({ onContact }) =>
      new FolderSource({
        folder,
        domain,
        validator: createValidator(),
        clock,
        logger,
        onContact,
        report(report) {
          onReport(report);
          loaded.tell(report);
        },
        ...(dataDirectory !== undefined && { numberFile: join(dataDirectory, "load-number") }),
      }),
    listen,
    clock,
    random,
    logger,
    // Only sources that talk to a server can fail for good.
    onFatal: () => {},
  });
}

/** The domains of a folder; the one that it stands for, if it is empty. */
export function domainsOf({ manifests }: Loaded, otherwise: string): string[] {
  const names = new Set([...manifests.values()].map(({ domain }) => domain));
  return names.size === 0 ? [otherwise] : [...names].sort();
}
