import { expect, test } from "vitest";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import { anObject } from "../../test/support/objects.ts";
import { FolderKeys } from "./folder-keys.ts";
import type { KeyState } from "./key-keeper.ts";

const address = "https://issuer/keys";
const now = Date.UTC(2026, 0, 1);
const keySet = { jwks: '{"keys":[]}', source: address, fetchedAt: "2026-01-01T00:00:00Z" };
const fetched = { jwks: keySet.jwks, count: 0, ignored: [], maxAgeMs: undefined, at: now };

function setUp() {
  const states = new Map<string, KeyState>();
  const seen: (SidegateObject | string)[] = [];
  const keys = new FolderKeys({
    events: {
      put: (_domain, object) => seen.push(object),
      remove: (domain, kind, name) => seen.push(`remove ${domain} ${kind} ${name}`),
      progress: (kind, version) => seen.push(`progress ${kind} ${version}`),
      synced: () => seen.push("synced"),
    },
    keys: { stateOf: (domain, name) => states.get(`${domain}/${name}`) },
    clock: { wallTime: () => now },
  });
  return { keys, states, seen };
}

const policy = (more: object = {}) => ({
  ...anObject("TokenPolicy", "p", { issuer: "i", audiences: ["a"], keys: { jwksURL: address } }),
  ...more,
});

test("a policy is put with the keys that are known, and again when there is news", () => {
  const { keys, states, seen } = setUp();
  keys.put("shop", policy());
  states.set("shop/p", { address, fetched, failure: undefined });
  keys.renew("shop", "p");
  keys.put("shop", policy());
  expect(seen).toEqual([
    policy({ status: {} }),
    policy({ status: { keySet } }),
    policy({ status: { keySet } }),
  ]);
});

test("keys in the status of a manifest count for nothing", () => {
  const { keys, seen } = setUp();
  keys.put("shop", policy({ status: { keySet } }));
  expect(seen).toEqual([policy({ status: {} })]);
});

test("a policy that is gone is not put again", () => {
  const { keys, seen } = setUp();
  keys.put("shop", policy());
  keys.remove("shop", "TokenPolicy", "p");
  keys.renew("shop", "p");
  keys.renew("shop", "never");
  expect(seen.slice(1)).toEqual(["remove shop TokenPolicy p"]);
});

test("everything else passes", () => {
  const { keys, seen } = setUp();
  const acme = anObject("Organization", "acme", {});
  keys.put("shop", acme);
  keys.remove("shop", "Organization", "p");
  keys.progress("Organization", "7");
  keys.synced();
  expect(seen).toEqual([acme, "remove shop Organization p", "progress Organization 7", "synced"]);
});
