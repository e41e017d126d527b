import { SidegateClient } from "../../client/sidegate-client.ts";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import { formatAddress } from "../../host/address.ts";
import { createSystemClock } from "../../host/clock.ts";
import { startOperator } from "../../operator/operator.ts";
import { FolderWorld } from "../../operator/source/folder/folder-world.ts";
import { startSidecar } from "../../sidecar/sidecar.ts";
import { until } from "../support/raw-sidecar.ts";
import { silent } from "../support/silent-logger.ts";
import { DOMAIN } from "../worlds/build.ts";

/** An operator that has a world, a sidecar that got its policy, and a client of that. */
export interface VectorSidecar {
  readonly client: SidegateClient;
  stop(): Promise<void>;
}

/** Starts all on the loopback interface, with the clock of the machine. */
export async function startVectorSidecar(objects: readonly SidegateObject[]): Promise<VectorSidecar> {
  const clock = createSystemClock();
  const operator = await startOperator({
    createSource: () => ({
      async start(events) {
        const place = { file: "vectors.yaml", line: 1, path: "" };
        const manifests = objects.map(
          (object) =>
            [`${object.kind}/${object.metadata.name}`, { domain: DOMAIN, object, ...place }] as const,
        );
        new FolderWorld().load(new Map(manifests), "1", events);
        events.synced();
      },
      stop: async () => {},
    }),
    ...{ listen: "127.0.0.1:0", clock, logger: silent },
    onFatal: (error) => {
      throw error;
    },
  });
  await operator.ready;
  const sidecar = await startSidecar({
    ...{ domains: [DOMAIN], operators: [operator.delivery.address], name: "vectors", version: "0" },
    ...{ listen: [{ host: "127.0.0.1", port: 0 }], clock, random: () => 0, logger: silent },
  });
  await until(() => sidecar.snapshots.ready);
  const client = new SidegateClient({ address: formatAddress(sidecar.addresses[0]!), deadlineMs: 60_000 });
  return {
    client,
    async stop() {
      client.close();
      await sidecar.stop();
      await operator.stop();
    },
  };
}
