import { expect, it } from "vitest";
import type { PeerIdentity } from "../../identity/peer-identity.ts";
import { nameOf } from "./name-sidecar.ts";

const pod = { namespace: "shop", name: "pay-0", uid: "u1" };
const identity: PeerIdentity = { user: "sa", uid: "", groups: [], extra: {}, expiresAt: undefined };

it.each([
  ["a sidecar by its pod", "pay-0", "shop/pay-0"],
  ["another of the same pod by its own name as well", "second", "shop/pay-0/second"],
  ["a node's sidecar by its domain as well", "pay-0/billing", "shop/pay-0/billing"],
  ["a name that only begins like the pod's", "pay-01", "shop/pay-0/pay-01"],
])("names %s", (_what, claimed, sidecar) => {
  expect(nameOf(claimed, { ...identity, pod })).toMatchObject({ id: `u1/${claimed}`, sidecar });
});

it("names who proves no pod by user and name, and who proves nothing by name", () => {
  expect(nameOf("a", identity)).toEqual({ id: "sa/a", sidecar: "sa/a", verified: { user: "sa" } });
  expect(nameOf("a", undefined)).toEqual({ id: "a", sidecar: "a" });
});
