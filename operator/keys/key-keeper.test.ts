import { afterEach, describe, expect, test } from "vitest";
import { ManualClock, settle } from "../../test/support/manual-clock.ts";
import { recordingLogger } from "../../test/support/silent-logger.ts";
import { type FetchedKeys, KeyFetchError } from "./fetch-keys.ts";
import { KeyKeeper } from "./key-keeper.ts";

type Answer = Partial<FetchedKeys> | Error;

const keepers: KeyKeeper[] = [];
afterEach(() => {
  for (const keeper of keepers.splice(0)) keeper.stop();
});

/** A keeper whose issuers answer as told, with everything that it did in order. */
function setUp(answer: (address: string) => Answer | Promise<Answer>, random = () => 0) {
  const clock = new ManualClock();
  const { logger, lines } = recordingLogger();
  const news: string[] = [];
  const asked: [at: number, address: string][] = [];
  const keeper = new KeyKeeper({
    clock,
    random,
    logger,
    onNews: (domain, name) => news.push(`${domain}/${name}`),
    async fetch(address) {
      asked.push([clock.now(), address]);
      const answered = await answer(address);
      if (answered instanceof Error) throw answered;
      return { jwks: "set", count: 1, ignored: [], maxAgeMs: undefined, ...answered };
    },
  });
  keepers.push(keeper);
  return { keeper, clock, news, asked, lines, times: () => asked.map(([at]) => at) };
}

const MINUTE = 60_000;
const down = () => new KeyFetchError("Unreachable", "down");

describe("keys are fetched", () => {
  test("at once, then every five minutes, and news is what changed", async () => {
    let jwks = "one";
    const { keeper, clock, news, times } = setUp(() => ({ jwks }));
    keeper.follow("shop", "p", "https://a");
    await settle();
    expect(keeper.stateOf("shop", "p")).toMatchObject({
      address: "https://a",
      fetched: { jwks: "one", at: clock.wallTime() },
      failure: undefined,
    });
    await clock.advance(10 * MINUTE);
    expect(times()).toEqual([0, 5 * MINUTE, 10 * MINUTE]);
    expect(news).toHaveLength(1);
    jwks = "two";
    await clock.advance(5 * MINUTE);
    expect(news).toHaveLength(2);
    expect(keeper.stateOf("shop", "p")?.fetched?.jwks).toBe("two");
  });

  test("not all at the same time", async () => {
    const { keeper, clock, times } = setUp(
      () => ({}),
      () => 0.5,
    );
    keeper.follow("shop", "p", "https://a");
    await clock.advance(6 * MINUTE);
    expect(times()).toEqual([0, 5.25 * MINUTE]);
  });

  test.each([
    ["ten minutes", 10 * MINUTE, 10 * MINUTE],
    ["no time at all", 0, MINUTE],
    ["a day", 24 * 60 * MINUTE, 60 * MINUTE],
  ])("again after %s, if the issuer says so, within bounds", async (_name, maxAgeMs, rest) => {
    const { keeper, clock, times } = setUp(() => ({ maxAgeMs }));
    keeper.follow("shop", "p", "https://a");
    await clock.advance(rest + 1);
    expect(times()).toEqual([0, rest]);
  });

  test("of no more than eight policies at a time", async () => {
    const open: (() => void)[] = [];
    const { keeper, asked } = setUp(() => new Promise((resolve) => open.push(() => resolve({}))));
    for (let i = 0; i < 20; i++) keeper.follow("shop", `p${i}`, `https://${i}`);
    await settle();
    expect(asked).toHaveLength(8);
    open[0]?.();
    open[5]?.();
    await settle();
    expect(asked).toHaveLength(10);
  });
});

describe("an issuer that fails", () => {
  test("is asked again after waits that double, up to five minutes, and the keys stay", async () => {
    let answer: Answer = {};
    const { keeper, clock, news, times, lines } = setUp(() => answer);
    keeper.follow("shop", "p", "https://a");
    await settle();
    answer = down();
    await clock.advance(5 * MINUTE + 62_000);
    const seconds = times().map((at) => at / 1000 - 300);
    expect(seconds).toEqual([-300, 0, 2, 6, 14, 30, 62]);
    const since = clock.wallTime() - 62_000;
    expect(keeper.stateOf("shop", "p")).toMatchObject({
      fetched: { jwks: "set" },
      failure: { reason: "Unreachable", detail: "down", since },
    });
    expect(news).toHaveLength(2);
    expect(lines.at(-1)).toMatchObject({
      msg: "Keys can not be fetched",
      address: "https://a",
      error: "down",
      waitMs: 64_000,
    });

    await clock.advance(60 * MINUTE);
    const [last, before] = times().toReversed() as [number, number];
    expect(last - before).toBe(5 * MINUTE);
    answer = {};
    await clock.advance(5 * MINUTE);
    expect(keeper.stateOf("shop", "p")?.failure).toBeUndefined();
    expect(news).toHaveLength(3);

    answer = down();
    const start = clock.now();
    await clock.advance(5 * MINUTE + 3_000);
    expect(times().filter((at) => at > start).length).toBeGreaterThanOrEqual(2);
  });

  test("is news when it fails in another way", async () => {
    let answer: Answer = down();
    const { keeper, clock, news } = setUp(() => answer);
    keeper.follow("shop", "p", "https://a");
    await settle();
    expect(news).toHaveLength(1);
    answer = new KeyFetchError("Invalid", "no JSON");
    await clock.advance(2_000);
    expect(news).toHaveLength(2);
    expect(keeper.stateOf("shop", "p")?.failure).toMatchObject({ reason: "Invalid" });
    answer = new Error("anything else");
    await clock.advance(4_000);
    expect(keeper.stateOf("shop", "p")?.failure).toMatchObject({
      reason: "Unreachable",
      detail: "anything else",
    });
  });
});

describe("a policy", () => {
  test("that names the same address again is left alone", async () => {
    const { keeper, asked } = setUp(() => ({}));
    for (let i = 0; i < 3; i++) keeper.follow("shop", "p", "https://a");
    await settle();
    expect(asked).toHaveLength(1);
  });

  test("that names another address begins anew", async () => {
    const { keeper, clock, asked } = setUp((address) => ({ jwks: address }));
    keeper.follow("shop", "p", "https://a");
    await settle();
    keeper.follow("shop", "p", "https://b");
    expect(keeper.stateOf("shop", "p")).toMatchObject({ address: "https://b", fetched: undefined });
    await clock.advance(5 * MINUTE);
    expect(asked.map(([, address]) => address)).toEqual(["https://a", "https://b", "https://b"]);
    expect(keeper.stateOf("shop", "p")?.fetched?.jwks).toBe("https://b");
  });

  test("whose address changes while it is asked takes nothing from the old one", async () => {
    const open = new Map<string, (answer: Answer) => void>();
    const { keeper, news } = setUp((address) => new Promise((resolve) => open.set(address, resolve)));
    keeper.follow("shop", "p", "https://a");
    await settle();
    keeper.follow("shop", "p", "https://b");
    open.get("https://a")?.({ jwks: "old" });
    await settle();
    expect(keeper.stateOf("shop", "p")?.fetched).toBeUndefined();
    expect(news).toEqual([]);
  });

  test("of the same name in another domain is another one", async () => {
    const { keeper, asked } = setUp(() => ({}));
    keeper.follow("shop", "p", "https://a");
    keeper.follow("bank", "p", "https://b");
    await settle();
    expect(asked).toHaveLength(2);
    expect(keeper.stateOf("bank", "p")?.address).toBe("https://b");
  });

  test.each([
    ["that is gone", (keeper: KeyKeeper) => keeper.follow("shop", "p", undefined)],
    ["when the operator stops", (keeper: KeyKeeper) => keeper.stop()],
  ])("%s is not fetched for any more", async (_name, end) => {
    const { keeper, clock, asked } = setUp(() => ({}));
    keeper.follow("shop", "p", "https://a");
    await settle();
    end(keeper);
    await settle();
    expect(clock.waiting).toBe(0);
    expect(keeper.stateOf("shop", "p")).toBeUndefined();
    await clock.advance(60 * MINUTE);
    expect(asked).toHaveLength(1);
  });

  test("is not followed after the operator stopped", async () => {
    const { keeper, asked } = setUp(() => ({}));
    keeper.stop();
    keeper.follow("shop", "p", "https://a");
    await settle();
    expect(asked).toEqual([]);
  });
});
