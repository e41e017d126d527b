import { createPrivateKey } from "node:crypto";
import { messageOf } from "../../engine/errors/message-of.ts";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import type { Generation } from "./generations.ts";
import { publicKeyOf, type SigningKey, thumbprintOf } from "./signing-key.ts";
import { isPair } from "./x509.ts";

/** A certificate authority; its certificate is PEM and stands for its id in messages. */
export interface Authority extends Generation {
  readonly certificate: string;
}

/** All that the operator's replicas vouch with, each list ordered by `activeAt`. */
export interface AuthorityState {
  readonly authorities: readonly Authority[];
  readonly signingKeys: readonly SigningKey[];
}

/** The key of the Secret's data under which the state is. */
const ENTRY = "authority.json";
/** The version of the form. Raise it with every change that an older replica would misread. */
const FORMAT = 1;

/** The data of the Secret, base64 as the API has it. */
export function encodeAuthority({ authorities, signingKeys }: AuthorityState): Record<string, string> {
  const content = {
    format: FORMAT,
    authorities: authorities.map(withDates),
    signingKeys: signingKeys.map(withDates),
  };
  return { [ENTRY]: Buffer.from(`${JSON.stringify(content, undefined, 2)}\n`).toString("base64") };
}

/**
 * Reads the data of the Secret.
 *
 * @throws SidegateError SG4401 for anything that `encodeAuthority` does not write
 */
export function decodeAuthority(data: unknown): AuthorityState {
  try {
    const entry = record(data)[ENTRY];
    const content = record(JSON.parse(Buffer.from(text(entry), "base64").toString("utf8")));
    if (content.format !== FORMAT) throw new Error(`its format is ${String(content.format)}, not ${FORMAT}`);
    const state = {
      authorities: list(content.authorities).map(readAuthority).sort(byActivation),
      signingKeys: list(content.signingKeys).map(readSigningKey).sort(byActivation),
    };
    if (state.authorities.length === 0 || state.signingKeys.length === 0)
      throw new Error("it has no authority, or no key to sign with");
    return state;
  } catch (error) {
    throw new SidegateError("SG4401", messageOf(error), { cause: error });
  }
}

function withDates(generation: Generation): object {
  const { announcedAt, activeAt, expiresAt } = generation;
  const iso = (time: number) => new Date(time).toISOString();
  return {
    ...generation,
    announcedAt: iso(announcedAt),
    activeAt: iso(activeAt),
    expiresAt: iso(expiresAt),
  };
}

function readAuthority(value: unknown): Authority {
  const content = record(value);
  const authority = { ...readGeneration(content), certificate: text(content.certificate) };
  const { key, certificate } = authority;
  if (key !== undefined && !isPair({ key, certificate }))
    throw new Error(`authority ${authority.id} has the key of another one`);
  return authority;
}

function readSigningKey(value: unknown): SigningKey {
  const content = record(value);
  const entry = { ...readGeneration(content), publicKey: text(content.publicKey) };
  const { id, key, publicKey } = entry;
  const isOwn = key === undefined || publicKeyOf(createPrivateKey(key)) === publicKey;
  if (!isOwn || thumbprintOf(publicKey) !== id) throw new Error(`signing key ${id} has another id or key`);
  return entry;
}

function readGeneration(content: Record<string, unknown>): Generation {
  const { key } = content;
  const [announcedAt, activeAt, expiresAt] = ["announcedAt", "activeAt", "expiresAt"].map((field) => {
    const time = Date.parse(text(content[field]));
    if (Number.isNaN(time)) throw new Error(`"${field}" is not a time`);
    return time;
  }) as [number, number, number];
  return {
    ...{ id: text(content.id), announcedAt, activeAt, expiresAt },
    ...(key !== undefined && { key: text(key) }),
  };
}

function byActivation(a: Generation, b: Generation): number {
  return a.activeAt - b.activeAt;
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null) throw new Error("an object is missing");
  return value as Record<string, unknown>;
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error("a list is missing");
  return value;
}

function text(value: unknown): string {
  if (typeof value !== "string" || value === "") throw new Error("a text is missing");
  return value;
}
