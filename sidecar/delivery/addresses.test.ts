import { describe, expect, test } from "vitest";
import { Addresses } from "./addresses.ts";

describe("addresses", () => {
  test("begin anywhere, so that sidecars spread", () => {
    const first = [0, 0.34, 0.99].map((random) => new Addresses(["a", "b", "c"], random).current);
    expect(first).toEqual(["a", "b", "c"]);
  });

  test("keep the current one until told to move on, then take turns", () => {
    const addresses = new Addresses(["a", "b"], 0);
    expect(addresses.current).toBe("a");
    addresses.moveOn();
    expect(addresses.current).toBe("b");
    addresses.moveOn();
    expect(addresses.current).toBe("a");
  });

  test("must not be empty", () => {
    expect(() => new Addresses([], 0)).toThrow(RangeError);
  });
});
