/**
 * An operator's delivery with a generated domain, as a process of its own: `delivery-process.ts ORGANIZATIONS BINDINGS`,
 * forked. Sends a `Delivering` once sidecars may connect; each message is a `Change` to make, answered by a `Changed`.
 */
import pino from "pino";
import { createSystemClock } from "../host/clock.ts";
import { startDeliveryServer } from "../operator/delivery/delivery-server.ts";
import { createPolicyBook } from "../operator/policy-book.ts";
import { compileWorld } from "./compile-world.ts";
import { memberBinding } from "./generate-world.ts";
import type { WorldSize } from "./world-plan.ts";

export interface Delivering {
  readonly address: string;
  readonly objects: number;
  readonly shards: number;
  /** Bytes of all shards. */
  readonly bytes: number;
}

/** Gives the binding of a member to somebody, or back to the member. */
export interface Change {
  readonly organization: number;
  readonly member: number;
  readonly binding: number;
  readonly user?: string;
}

export interface Changed {
  /** Bytes of the shards that have to be sent. */
  readonly bytes: number;
}

const [organizations, bindings] = process.argv.slice(2).map(Number) as [number, number];
const size: WorldSize = { organizations, bindings };
const book = createPolicyBook();
const clock = createSystemClock();
const logger = pino({ enabled: false });
const compiler = compileWorld(size);
let number = 1;
let policy = compiler.compile(position());
book.publish(policy);
const server = await startDeliveryServer({ book, listen: "127.0.0.1:0", clock, logger });
process.send?.({
  address: server.address,
  objects: compiler.world.count(),
  shards: policy.shards.length,
  bytes: sum(policy.shards),
} satisfies Delivering);

process.on("message", ({ organization, member, binding, user }: Change) => {
  compiler.put(memberBinding(organization, member, binding, user));
  const held = new Set(policy.shards.map(({ hash }) => hash));
  policy = compiler.compile(position());
  book.publish(policy);
  process.send?.({ bytes: sum(policy.shards.filter(({ hash }) => !held.has(hash))) } satisfies Changed);
});
// Whoever forked it has gone.
process.on("disconnect", () => process.exit());

function position(): { AccessRoleBinding: string } {
  return { AccessRoleBinding: String(number++) };
}

function sum(shards: readonly { readonly bytes: Uint8Array }[]): number {
  return shards.reduce((bytes, shard) => bytes + shard.bytes.length, 0);
}
