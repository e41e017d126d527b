import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, credentials, Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { expect } from "vitest";
import type { CompiledPolicy } from "../../engine/compile/compiled-policy.ts";
import { DomainCompiler } from "../../engine/compile/domain-compiler.ts";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import type { Position } from "../../engine/model/position.ts";
import { loadCompiled } from "../../engine/policy/load-compiled.ts";
import type { Policy } from "../../engine/policy/policy.ts";
import { formatAddress } from "../../host/address.ts";
import type { Clock } from "../../host/clock.ts";
import { CheckRequest } from "../../proto/generated/decision.js";
import { ErrorInfo, Status } from "../../proto/generated/error.js";
import { ServingStatus } from "../../proto/generated/health.js";
import type { Input } from "../../proto/message-type.ts";
import { DecisionServer } from "../../sidecar/server/decision-server.ts";
import { HealthBoard } from "../../sidecar/server/health-board.ts";
import { Snapshots } from "../../sidecar/snapshot/snapshots.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { silent } from "../support/silent-logger.ts";
import { binding, build, DOMAIN, role } from "../worlds/build.ts";

/** A domain in which each outcome of this build can be had. */
export const shop: readonly SidegateObject[] = [
  build("PermissionCatalog", "shop", {
    resources: [
      {
        name: "logs",
        level: "Environment",
        verbs: [{ name: "view" }, { name: "manage", implies: ["view"] }],
      },
      { name: "billing", level: "Organization", verbs: [{ name: "view" }] },
    ],
  }),
  build("Organization", "acme", {}),
  build("Organization", "frozen", { suspended: true }),
  build("Environment", "acme-prod", { organization: "acme", type: "production" }),
  build("Environment", "frozen-prod", { organization: "frozen", type: "production" }),
  build("Membership", "ann", { organization: "acme", subject: { kind: "User", name: "ann" } }),
  build("Membership", "ann-frozen", { organization: "frozen", subject: { kind: "User", name: "ann" } }),
  build("Membership", "bob", { organization: "acme", subject: { kind: "User", name: "bob" } }),
  role("viewer", { rules: [{ resources: ["logs"], verbs: ["view"] }] }),
  role("muted", { rules: [{ effect: "Deny", resources: ["logs"], verbs: ["manage"] }] }),
  binding("ann-views", "viewer", "User:ann", "organization/acme"),
  binding("ann-views-frozen", "viewer", "User:ann", "organization/frozen"),
  binding("ann-muted", "muted", "User:ann", "organization/acme"),
];

export const allowed = {
  subject: { kind: "User", name: "ann" },
  permission: "logs:view",
  scope: "environment/acme-prod",
} as const;

/** The compiled policy of some objects. */
export function compiledOf(
  objects: readonly SidegateObject[],
  position: Position = {},
  domain = DOMAIN,
): CompiledPolicy {
  const compiler = new DomainCompiler(domain);
  for (const object of objects) {
    compiler.put({ ...object, metadata: { ...object.metadata, namespace: domain } });
  }
  return compiler.compile(position);
}

/** A loaded policy of some objects. */
export function policyOf(
  objects: readonly SidegateObject[],
  position: Position = {},
  domain = DOMAIN,
): Policy {
  return loadCompiled(compiledOf(objects, position, domain));
}

/** A sidecar's servers over snapshots that the test fills. */
export interface Fixture {
  readonly snapshots: Snapshots;
  readonly clock: ManualClock;
  readonly board: HealthBoard;
  readonly server: DecisionServer;
  readonly folder: string;
  /** The Unix socket and the TCP port, as gRPC clients take them. */
  readonly addresses: readonly [string, string];
  stop(): Promise<void>;
}

export async function startFixture(
  domains: readonly string[] = [DOMAIN],
  clock = new ManualClock(),
): Promise<Fixture> {
  const folder = mkdtempSync(join(tmpdir(), "sidegate-"));
  const snapshots = new Snapshots({ domains, clock });
  const board = new HealthBoard();
  board.set("", ServingStatus.NOT_SERVING);
  const server = new DecisionServer({ policies: snapshots, board, clock, logger: silent });
  const socket = await server.listen({ path: join(folder, "sidegate.sock"), mode: 0o666 });
  const port = await server.listen({ host: "127.0.0.1", port: 0 });
  return {
    ...{ snapshots, clock, board, server, folder },
    addresses: [formatAddress(socket), formatAddress(port)],
    stop: async () => {
      await server.stop(0);
      rmSync(folder, { recursive: true });
    },
  };
}

/** How a raw call ended. */
export interface Ending {
  readonly code: keyof typeof status;
  readonly message: string;
  readonly info: ErrorInfo | undefined;
  readonly bytes: Buffer;
}

/** Calls a unary method with bytes, as they are. */
export function rawCall(
  address: string,
  path: string,
  bytes: Uint8Array,
  deadlineMs = 20_000,
): Promise<Ending> {
  const client = new Client(address, credentials.createInsecure(), { "grpc.max_send_message_length": -1 });
  const pass = (value: Buffer) => value;
  return new Promise<Ending>((resolve) => {
    const options = { deadline: Date.now() + deadlineMs };
    client.makeUnaryRequest(path, pass, pass, Buffer.from(bytes), new Metadata(), options, (error, reply) => {
      client.close();
      if (error === null) resolve({ code: "OK", message: "", info: undefined, bytes: reply as Buffer });
      else resolve(endingOf(error));
    });
  });
}

function endingOf(error: ServiceError): Ending {
  const [details] = error.metadata.get("grpc-status-details-bin");
  const found = Buffer.isBuffer(details) ? Status.decode(details).details[0] : undefined;
  return {
    code: status[error.code] as keyof typeof status,
    message: error.details,
    info: found && ErrorInfo.decode(found.value),
    bytes: Buffer.alloc(0),
  };
}

export const encodeCheck = (check: Input<CheckRequest>): Buffer => CheckRequest.encode(check).finish();

/** Puts a policy in use, confirmed now. */
export function use({ snapshots, clock }: { snapshots: Snapshots; clock: Clock }, policy: Policy): void {
  snapshots.swap(policy, clock.wallTime());
}

/** Waits until what is looked at is as expected, however long a busy machine takes. */
export const eventually = <T>(look: () => T) => expect.poll(look, { timeout: 20_000 });
