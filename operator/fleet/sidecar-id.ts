import { createHash } from "node:crypto";
import type { FleetMember } from "./fleet.ts";

const BYTES = 8;

const ids = new WeakMap<FleetMember, string>();

/** 16 hexadecimal digits that stand for a sidecar in reports, at every replica the same. */
export function shortIdOf(member: FleetMember): string {
  let id = ids.get(member);
  if (id === undefined) {
    id = createHash("sha256")
      .update(member.id)
      .digest("hex")
      .slice(0, 2 * BYTES);
    ids.set(member, id);
  }
  return id;
}

/** Ids as one text, 11 characters for each: base64 of their bytes, one after the other. */
export function packIds(ids: readonly string[]): string {
  return Buffer.from(ids.join(""), "hex").toString("base64");
}

/** The ids that `packIds` was given. What is not whole at the end is left out. */
export function unpackIds(packed: string): string[] {
  const bytes = Buffer.from(packed, "base64");
  const found: string[] = [];
  for (let at = 0; at + BYTES <= bytes.length; at += BYTES) {
    found.push(bytes.toString("hex", at, at + BYTES));
  }
  return found;
}
