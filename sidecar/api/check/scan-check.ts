import protobuf from "protobufjs/minimal.js";
import { limits } from "../../../engine/model/limits.ts";
import { RequestError } from "../request-error.ts";

/** What the scan knows of a field: the message in it, or how much of it there may be. */
type FieldRule = { readonly message: MessageRule } | Amount;
type Amount =
  | { readonly field: string; readonly entries: number }
  | { readonly field: string; readonly bytes: number };

/** Rules by field number. */
type MessageRule = { readonly [number: number]: FieldRule };

const attributes = (field: string) => ({ field, bytes: limits.attributeBytes });

// The field numbers of proto/sidegate/v1/decision.proto.
const subject: MessageRule = {
  3: { field: "subject.groups", entries: limits.groups },
  4: attributes("subject.attributes"),
};
const resource: MessageRule = { 2: attributes("resource.attributes") };
const check: MessageRule = {
  2: { message: subject },
  5: { message: resource },
  6: attributes("context"),
  7: { field: "active_roles", entries: limits.activeRoles },
  9: { field: "min_position", entries: limits.minPosition },
};

const LENGTH_DELIMITED = 2;

/**
 * Holds an encoded CheckRequest to the limits before it is decoded: the objects of a decoded message take a hundred times
 * the space of its bytes and a second for 4 MiB of them. Messages that are too small to hurt pass unread.
 *
 * Throws a RequestError over a limit, a RangeError for bytes that are no message.
 */
export function scanCheck(bytes: Uint8Array): void {
  if (bytes.length <= limits.attributeBytes) return;
  new Scan(bytes).message(bytes.length, check);
}

/** The same for a request whose first field is a check. */
export function scanListRequest(bytes: Uint8Array): void {
  if (bytes.length <= limits.attributeBytes) return;
  new Scan(bytes).message(bytes.length, { 1: { message: check } });
}

class Scan {
  readonly #reader: protobuf.Reader;
  readonly #counts = new Map<Amount, number>();
  #fields = 0;

  constructor(bytes: Uint8Array) {
    this.#reader = protobuf.Reader.create(bytes);
  }

  message(end: number, rules: MessageRule): void {
    const reader = this.#reader;
    while (reader.pos < end) {
      if (++this.#fields > limits.fields) {
        throw new RequestError("request", `request has more than ${limits.fields} fields; send fewer`);
      }
      const tag = reader.uint32();
      const rule = rules[tag >>> 3];
      if (rule === undefined || (tag & 7) !== LENGTH_DELIMITED) reader.skipType(tag & 7);
      else this.#field(rule);
    }
  }

  #field(rule: FieldRule): void {
    const reader = this.#reader;
    const size = reader.uint32();
    const end = reader.pos + size;
    if (end > reader.len) throw new RangeError("A field is longer than its message");
    if ("message" in rule) this.message(end, rule.message);
    else this.#amount(rule, size);
    reader.pos = end;
  }

  #amount(rule: Amount, size: number): void {
    const amount = (this.#counts.get(rule) ?? 0) + ("bytes" in rule ? size : 1);
    this.#counts.set(rule, amount);
    if ("bytes" in rule && amount > rule.bytes) {
      throw new RequestError(rule.field, `${rule.field} is larger than ${rule.bytes} bytes; send less`);
    }
    if ("entries" in rule && amount > rule.entries) {
      throw new RequestError(rule.field, `${rule.field} has more than ${rule.entries} entries; send fewer`);
    }
  }
}
