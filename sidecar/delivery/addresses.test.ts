import { describe, expect, test } from "vitest";
import { Addresses } from "./addresses.ts";

const list = (...names: string[]) => names.map((address) => ({ address }));

describe("addresses", () => {
  test("begin anywhere, so that sidecars spread", () => {
    const first = [0, 0.34, 0.99].map((random) => new Addresses(list("a", "b", "c"), () => random).current);
    expect(first).toEqual(list("a", "b", "c"));
  });

  test("keep the current one until told to move on, then each of the others comes once", () => {
    const addresses = new Addresses(list("a", "b", "c"), () => 0);
    const seen: string[] = [];
    for (let count = 0; count < 6; count++) {
      seen.push(addresses.current.address);
      addresses.moveOn();
    }
    expect(seen).toEqual(["a", "b", "c", "a", "b", "c"]);
  });

  test("spread over the others when one is gone", () => {
    const next = [0, 0.5].map((random) => {
      const addresses = new Addresses(list("a"), () => random);
      addresses.update(list("b", "c"));
      return addresses.current.address;
    });
    expect(next).toEqual(["b", "c"]);
  });

  test("stay where they are when others come and go", () => {
    const addresses = new Addresses(list("a", "b"), () => 0.5);
    addresses.update(list("a", "b", "c", "d"));
    addresses.update(list("b"));
    expect([addresses.current.address, addresses.size]).toEqual(["b", 1]);
  });

  test("may all be tried again after one was of use", () => {
    const addresses = new Addresses(list("a", "b", "c"), () => 0);
    addresses.moveOn();
    addresses.settle();
    addresses.moveOn();
    expect(addresses.current.address).toBe("a");
  });

  test("must not be empty", () => {
    expect(() => new Addresses([], () => 0)).toThrow(RangeError);
  });
});
