import { expect, it } from "vitest";
import { withEnvironment } from "./with-environment.ts";

const injected = {
  SIDEGATE_ADDRESS: "unix:///run/sidegate/sidegate.sock",
  SIDEGATE_DOMAIN: "billing",
  SIDEGATE_TOKEN_FILE: "/token",
};
const asInjected = { address: injected.SIDEGATE_ADDRESS, domain: "billing", tokenFile: "/token" };

it("takes what injection has set", () => {
  expect(withEnvironment({}, injected)).toEqual(asInjected);
  expect(withEnvironment({ address: injected.SIDEGATE_ADDRESS }, injected)).toEqual(asInjected);
});

it("prefers what is given", () => {
  const given = { domain: "shop", tokenFile: "/other" };
  expect(withEnvironment(given, injected)).toEqual({ ...asInjected, ...given });
});

it("takes nothing for another address, so that no token goes there", () => {
  const address = "127.0.0.1:7430";
  expect(withEnvironment({ address }, injected)).toEqual({ address });
});

it("takes nothing where nothing is set", () => {
  expect(withEnvironment({}, {})).toEqual({});
});
