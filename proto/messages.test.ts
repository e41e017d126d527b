import { describe, expect, test } from "vitest";
import { deliveryService } from "./delivery-service.ts";
import { CheckRequest, Struct } from "./generated/decision.js";
import { PolicyManifest, SyncResponse } from "./generated/delivery.js";
import { fromStruct, type JsonObject, toStruct } from "./struct.ts";

describe("generated codecs", () => {
  test("64-bit integers are numbers, set or not", () => {
    const issuedAt = 1_790_000_000_123;
    const manifest = PolicyManifest.decode(PolicyManifest.encode({ domain: "shop", issuedAt }).finish());
    expect(manifest.issuedAt).toBe(issuedAt);
    expect(manifest.epoch).toBe(0);
  });

  test("fields that were not sent have their defaults", () => {
    const request = CheckRequest.decode(Buffer.alloc(0));
    expect([request.domain, request.subject, request.activeRoles, request.explain]).toEqual([
      "",
      null,
      [],
      false,
    ]);
  });

  test("a oneof says which of its fields is set", () => {
    const push = { commit: { policy: { revision: "r1", position: { Organization: "7" } } } };
    const message = deliveryService.sync.responseDeserialize(deliveryService.sync.responseSerialize(push));
    expect(message.message).toBe("commit");
    expect(message.commit?.policy?.position).toEqual({ Organization: "7" });
    expect(message.chunk).toBeNull();
  });

  test("encoded messages pass through a method's serializer", () => {
    const ready = SyncResponse.encode({ behind: { domain: "shop" } }).finish();
    expect(deliveryService.sync.responseSerialize(ready)).toBe(ready);
  });

  test("invalid UTF-8 and nesting without end are refused", () => {
    expect(() => CheckRequest.decode(Buffer.from([0x0a, 1, 0xff]))).toThrow();
    let nested: JsonObject = {};
    for (let depth = 0; depth < 200; depth++) nested = { nested };
    expect(() => Struct.encode(toStruct(nested)).finish()).toThrow(/depth/);
  });
});

test("a Struct carries JSON there and back", () => {
  const json = JSON.parse(
    '{"a":null,"b":true,"c":-1.5,"d":"x","e":[1,["y"],{}],"f":{"g":{"h":[]}},"__proto__":{"i":1},"constructor":2}',
  );
  const back = fromStruct(Struct.decode(Struct.encode(toStruct(json)).finish()));
  expect(JSON.parse(JSON.stringify(back))).toEqual(json);
  expect(Object.keys(back)).toContain("__proto__");
});
