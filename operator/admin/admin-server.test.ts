import { Client, credentials } from "@grpc/grpc-js";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fleetService } from "../../proto/fleet-service.ts";
import type { SidecarState } from "../../proto/generated/fleet.js";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { silent } from "../../test/support/silent-logger.ts";
import { Fleet, type Holding } from "../fleet/fleet.ts";
import { AdminServer } from "./admin-server.ts";

const REVISION = "a".repeat(64);

let fleet: Fleet;
let server: AdminServer;
let clock: ManualClock;

beforeEach(async () => {
  fleet = new Fleet();
  clock = new ManualClock();
  await clock.advance(60_000);
  server = new AdminServer({ listen: "127.0.0.1:0", fleet, clock, logger: silent });
  await server.start();
});
afterEach(() => server.stop());

function join(sidecar: string, ...holdings: (Partial<Holding> & { readonly domain: string })[]) {
  const none = {
    outstanding: undefined,
    active: undefined,
    refused: undefined,
    behind: false,
    lackingSince: undefined,
  };
  return fleet.join({
    ...{ id: sidecar, sidecar, version: "1.2.3", peer: "10.0.0.7:5000" },
    connectedAt: clock.wallTime() - 30_000,
    seenAt: clock.now() - 2_000,
    holdings: new Map(holdings.map((holding) => [holding.domain, { ...none, ...holding }])),
  });
}

async function list(domain = ""): Promise<SidecarState[]> {
  const client = new Client(server.address as string, credentials.createInsecure());
  const { path, requestSerialize, responseDeserialize } = fleetService.listSidecars;
  try {
    const call = client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, { domain });
    return (await call.toArray()) as SidecarState[];
  } finally {
    client.close();
  }
}

const active = { revision: REVISION, epoch: 0, position: {} };

test("a sidecar that has the current revision is told with its last contact", async () => {
  join("shop/web-1", { domain: "shop", active });
  expect(await list()).toEqual([
    expect.objectContaining({
      ...{ sidecar: "shop/web-1", version: "1.2.3", domain: "shop", revision: REVISION },
      ...{ current: true, lagMs: 0, lastContactMs: 2_000, connectedMs: 30_000, refusedCode: "" },
    }),
  ]);
});

test("a sidecar that refused a policy is told with its lag and the refusal", async () => {
  const refused = { revision: "b".repeat(64), code: "SG2002", message: "no shard", times: 1, until: 0 };
  join("shop/web-1", { domain: "shop", active, refused, lackingSince: clock.now() - 500 });
  expect(await list()).toMatchObject([
    { current: false, lagMs: 500, refusedCode: "SG2002", refusedMessage: "no shard" },
  ]);
});

test("a sidecar without any policy, and one that has seen more, are not current", async () => {
  join("a", { domain: "shop", lackingSince: clock.now() });
  join("b", { domain: "shop", active, behind: true });
  expect((await list()).map(({ sidecar, current, behind }) => [sidecar, current, behind])).toEqual([
    ["a", false, false],
    ["b", false, true],
  ]);
});

test("each domain of a sidecar has an entry, and one domain can be asked for", async () => {
  join("a", { domain: "shop", active }, { domain: "billing", active });
  join("b", { domain: "shop", active });
  expect(await list()).toHaveLength(3);
  expect((await list("billing")).map(({ sidecar, domain }) => [sidecar, domain])).toEqual([["a", "billing"]]);
});

test("thousands of sidecars are told whole", async () => {
  for (let index = 0; index < 3_000; index++) join(`shop/web-${index}`, { domain: "shop", active });
  expect(await list()).toHaveLength(3_000);
});
