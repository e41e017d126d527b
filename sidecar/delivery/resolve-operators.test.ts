import { describe, expect, test } from "vitest";
import { type LookUp, OperatorResolver } from "./resolve-operators.ts";

const answers = (table: Record<string, string[]>): LookUp => {
  return async (host) => {
    const found = table[host];
    if (found === undefined) throw new Error(`getaddrinfo ENOTFOUND ${host}`);
    return found;
  };
};

describe("the operator's replicas", () => {
  test("are all addresses of the name, of either family, in an order that stays", async () => {
    const lookUp = answers({ replicas: ["10.0.0.9", "fd00::1", "10.0.0.1"] });
    expect(await new OperatorResolver(["replicas:7440"], lookUp).resolve()).toEqual([
      { address: "10.0.0.1:7440", host: "replicas" },
      { address: "10.0.0.9:7440", host: "replicas" },
      { address: "[fd00::1]:7440", host: "replicas" },
    ]);
  });

  test.each(["10.0.0.1:7440", "[::1]:7440", "unix:/run/operator.sock", "dns:///replicas:7440"])(
    "may be given as they are: %s",
    async (target) => {
      expect(await new OperatorResolver([target], answers({})).resolve()).toEqual([{ address: target }]);
    },
  );

  test("come once, however often they are named", async () => {
    const lookUp = answers({ a: ["10.0.0.1"], b: ["10.0.0.1", "10.0.0.2"] });
    const found = await new OperatorResolver(["a:1", "b:1"], lookUp).resolve();
    expect(found.map(({ address }) => address)).toEqual(["10.0.0.1:1", "10.0.0.2:1"]);
  });

  test("are asked for again, and are the last known ones while the name gives no answer", async () => {
    const table: Record<string, string[]> = { replicas: ["10.0.0.1"] };
    const resolver = new OperatorResolver(["replicas:7440"], answers(table));
    await resolver.resolve();
    table.replicas = ["10.0.0.2"];
    expect(await resolver.resolve()).toMatchObject([{ address: "10.0.0.2:7440" }]);
    delete table.replicas;
    expect(await resolver.resolve()).toMatchObject([{ address: "10.0.0.2:7440" }]);
  });

  test("that nobody knows are none", async () => {
    const resolver = new OperatorResolver(["replicas:7440"], answers({}));
    await expect(resolver.resolve()).rejects.toMatchObject({ code: "SG2163", message: /ENOTFOUND replicas/ });
  });
});
