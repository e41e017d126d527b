import { describe, expect, test } from "vitest";
import { type Hello, SyncRequest } from "../../../proto/generated/delivery.js";
import type { Input } from "../../../proto/message-type.ts";
import { readHello } from "./read-hello.ts";

const revision = "a".repeat(64);
const hash = Buffer.alloc(32, 1);
const hello: Input<Hello> = {
  protocol: 1,
  sidecar: "pod-1",
  version: "1.0.0",
  domains: [
    { domain: "shop", revision, epoch: 2, position: { AccessRole: "7" }, shards: [hash, hash] },
    { domain: "bank" },
  ],
};

/** As it comes over the wire. */
function read(message: Input<SyncRequest>) {
  return readHello(SyncRequest.decode(SyncRequest.encode(message).finish()));
}

describe("a Hello", () => {
  test("says who the sidecar is and what it has", () => {
    expect(read({ hello })).toEqual({
      sidecar: "pod-1",
      version: "1.0.0",
      domains: [
        {
          domain: "shop",
          active: { revision, epoch: 2, position: { AccessRole: "7" } },
          held: new Set([hash.toString("hex")]),
          onDemand: false,
        },
        { domain: "bank", active: undefined, held: new Set(), onDemand: false },
      ],
    });
  });

  const domain = (state: Input<Hello>["domains"]) => ({ hello: { ...hello, domains: state } });
  const rows: { name: string; message: Input<SyncRequest>; code?: string; says: string }[] = [
    { name: "no hello", message: { heartbeat: {} }, says: "must be hello" },
    {
      name: "another protocol",
      message: { hello: { ...hello, protocol: 2 } },
      code: "SG2101",
      says: "version 2",
    },
    { name: "no name", message: { hello: { ...hello, sidecar: "" } }, says: "sidecar is empty" },
    {
      name: "a long name",
      message: { hello: { ...hello, sidecar: "x".repeat(254) } },
      says: "253 characters",
    },
    {
      name: "a name with a line break",
      message: { hello: { ...hello, sidecar: "a\nb" } },
      says: "printable",
    },
    { name: "no version", message: { hello: { ...hello, version: "" } }, says: "version is empty" },
    { name: "no domain", message: domain([]), says: "domains is empty" },
    {
      name: "too many domains",
      message: domain(Array.from({ length: 65 }, (_, index) => ({ domain: `d${index}` }))),
      says: "more than 64",
    },
    { name: "a domain twice", message: domain([{ domain: "shop" }, { domain: "shop" }]), says: "twice" },
    { name: "a domain without a name", message: domain([{ domain: "" }]), says: "domains.domain is empty" },
    {
      name: "a revision that is none",
      message: domain([{ domain: "shop", revision: "7" }]),
      says: "revision",
    },
    { name: "a negative epoch", message: domain([{ domain: "shop", revision, epoch: -1 }]), says: "epoch" },
    {
      name: "a position that is none",
      message: domain([{ domain: "shop", revision, position: { AccessRole: "01" } }]),
      says: "decimal integer",
    },
    {
      name: "a kind that is none",
      message: domain([{ domain: "shop", revision, position: { "a b": "1" } }]),
      says: "decimal integer",
    },
    {
      name: "a hash that is none",
      message: domain([{ domain: "shop", shards: [Buffer.alloc(31)] }]),
      says: "31 bytes",
    },
    {
      name: "too many shards",
      message: domain([{ domain: "shop", shards: Array.from({ length: 131_073 }, () => hash) }]),
      says: "131072 shards",
    },
  ];
  test.each(rows)("is refused with $name", ({ message, code = "SG2102", says }) => {
    expect(() => read(message)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(says) }),
    );
  });
});
