import { describe, expect, test } from "vitest";
import { ManualClock, settle } from "../../test/support/manual-clock.ts";
import type { KubeApi, KubeObject, ListPage, WatchEvent } from "./kube-api.ts";
import { KubeError } from "./kube-error.ts";
import { Reflector } from "./reflector.ts";

const resource = { group: "sidegate.dev", version: "v1alpha1", plural: "accessroles", kind: "AccessRole" };

const object = (name: string, resourceVersion: string): KubeObject => ({
  metadata: { name, namespace: "shop", resourceVersion },
});
const page = (resourceVersion: string, items: KubeObject[], continueToken?: string): ListPage => ({
  items,
  resourceVersion,
  continueToken,
});
const event = (type: WatchEvent["type"], name: string, resourceVersion: string): WatchEvent => ({
  type,
  object: object(name, resourceVersion),
});

/** A watch that is under way, to be driven by the test. */
interface OpenWatch {
  readonly from: string;
  readonly timeoutSeconds: number;
  open(): void;
  readonly isAborted: () => boolean;
  send(...events: WatchEvent[]): void;
  end(): void;
  fail(error: Error): void;
}

function setUp(lists: (ListPage | Error)[]) {
  const clock = new ManualClock();
  const log: string[] = [];
  const watches: OpenWatch[] = [];
  const requests: { limit: number; continueToken: string | undefined }[] = [];
  const retries: { error: string; waitMs: number; next: string }[] = [];
  const contacts: boolean[] = [];
  let fatal: Error | undefined;
  let failPut: Error | undefined;
  const api: Pick<KubeApi, "list" | "watch"> = {
    async list(_resource, { limit, continueToken }) {
      requests.push({ limit, continueToken });
      const answer = lists.shift();
      if (answer === undefined) throw new Error("the test has no more lists");
      if (answer instanceof Error) throw answer;
      return answer;
    },
    watch: (_resource, { resourceVersion, timeoutSeconds, signal, onOpen }, onEvent) =>
      new Promise((resolve, reject) => {
        signal.addEventListener("abort", () => reject(new Error("aborted")));
        watches.push({
          from: resourceVersion,
          timeoutSeconds,
          open: () => onOpen?.(),
          isAborted: () => signal.aborted,
          send: (...events) => events.forEach(onEvent),
          end: resolve,
          fail: reject,
        });
      }),
  };
  const reflector = new Reflector({
    api: api as KubeApi,
    resource,
    clock,
    random: () => 0,
    onContact: (isInTouch) => contacts.push(isInTouch),
    onRetry: (error, waitMs, next) => retries.push({ error: error.message, waitMs, next }),
    onFatal: (error) => {
      fatal = error;
    },
    sink: {
      put: (o) => {
        if (failPut) throw failPut;
        log.push(`put ${o.metadata.name}@${o.metadata.resourceVersion}`);
      },
      remove: (namespace, name) => log.push(`remove ${namespace}/${name}`),
      progress: (rv) => log.push(`progress ${rv}`),
      listed: (rv) => log.push(`listed ${rv}`),
    },
  });
  reflector.start();
  return {
    clock,
    log,
    watches,
    requests,
    retries,
    contacts,
    reflector,
    last: () => watches.at(-1) as OpenWatch,
    fatal: () => fatal,
    failPuts: (error: Error | undefined) => {
      failPut = error;
    },
  };
}

const refusal = (status: number, reason: string, retryAfterMs?: number) =>
  new KubeError(status, reason, reason, retryAfterMs);

describe("listing", () => {
  test("hands pages on as they come and watches from the list's resourceVersion", async () => {
    const { log, requests, last } = setUp([
      page("7", [object("a", "3")], "next"),
      page("7", [object("b", "5")]),
    ]);
    await settle();
    expect(requests).toEqual([
      { limit: 500, continueToken: undefined },
      { limit: 500, continueToken: "next" },
    ]);
    expect(log).toEqual(["put a@3", "put b@5", "progress 7", "listed 7"]);
    expect(last().from).toBe("7");
  });

  test("begins anew when a continue token expired, and removes nothing before a list is complete", async () => {
    const { log, clock, last } = setUp([
      page("7", [object("a", "3"), object("b", "4")]),
      page("9", [object("b", "4")], "next"),
      refusal(410, "Expired"),
      page("12", [object("b", "4")]),
    ]);
    await settle();
    last().fail(refusal(410, "Expired"));
    await clock.advance(800);
    expect(log.filter((line) => line.startsWith("remove"))).toEqual([]);
    await clock.advance(1600);
    expect(log.slice(-3)).toEqual(["remove shop/a", "progress 12", "listed 12"]);
  });

  test("backs off with doubling waits while the server refuses", async () => {
    const down = () => refusal(0, "Unreachable");
    const { retries, clock, log } = setUp([down(), down(), down(), page("1", [])]);
    await clock.advance(800 + 1600 + 3200);
    expect(retries.map((retry) => retry.waitMs)).toEqual([800, 1600, 3200]);
    expect(log).toEqual(["progress 1", "listed 1"]);
  });

  test("waits as long as Retry-After says", async () => {
    const { retries, clock, log } = setUp([refusal(429, "TooManyRequests", 20_000), page("1", [])]);
    await clock.advance(19_999);
    expect(retries).toEqual([{ error: "TooManyRequests", waitMs: 20_000, next: "listing" }]);
    expect(log).toEqual([]);
    await clock.advance(1);
    expect(log).toEqual(["progress 1", "listed 1"]);
  });

  test("a resourceVersion that is no decimal integer is refused for good", async () => {
    const { fatal, clock, requests } = setUp([page("2026-01-01T00:00:00Z", [])]);
    await clock.advance(3_600_000);
    expect(fatal()).toMatchObject({ code: "SG4001", message: expect.stringContaining("accessroles") });
    expect(requests).toHaveLength(1);
  });

  test("what is put twice under one name is one object", async () => {
    const { log, clock, last } = setUp([page("7", [object("a", "3"), object("a", "3")]), page("9", [])]);
    await settle();
    last().fail(refusal(410, "Gone"));
    await clock.advance(800);
    expect(log.filter((line) => line.startsWith("remove"))).toEqual(["remove shop/a"]);
  });
});

describe("watching", () => {
  test("events move the position on, bookmarks too", async () => {
    const { log, last } = setUp([page("7", [])]);
    await settle();
    log.length = 0;
    last().send(
      event("ADDED", "a", "8"),
      event("MODIFIED", "a", "9"),
      event("DELETED", "a", "10"),
      event("BOOKMARK", "", "15"),
    );
    expect(log).toEqual([
      "put a@8",
      "progress 8",
      "put a@9",
      "progress 9",
      "remove shop/a",
      "progress 10",
      "progress 15",
    ]);
  });

  test("goes on from the last bookmark, without a wait, when the server ends the watch in its time", async () => {
    const { watches, clock, last, retries } = setUp([page("7", [])]);
    await settle();
    last().send(event("BOOKMARK", "", "15"));
    await clock.advance(60_000);
    last().end();
    await settle();
    expect(watches.map((watch) => watch.from)).toEqual(["7", "15"]);
    expect(retries).toEqual([]);
  });

  test("asks for an end between 300 and 600 s", async () => {
    const { last } = setUp([page("7", [])]);
    await settle();
    expect(last().timeoutSeconds).toBe(300);
  });

  test.each([410, 200])("an expired resourceVersion (status %i) leads to a new list", async (status) => {
    const { log, clock, last, retries } = setUp([
      page("7", [object("a", "3")]),
      page("20", [object("b", "18")]),
    ]);
    await settle();
    log.length = 0;
    last().fail(refusal(status, "Expired"));
    await clock.advance(800);
    expect(retries[0]?.next).toBe("listing");
    expect(log).toEqual(["put b@18", "remove shop/a", "progress 20", "listed 20"]);
  });

  test.each([
    ["a broken connection", refusal(0, "Unreachable")],
    ["throttling", refusal(429, "TooManyRequests")],
    ["a server that starts", refusal(503, "ServiceUnavailable")],
    ["garbage", refusal(0, "GarbledAnswer")],
  ])("%s is followed by a wait and a watch from the last event", async (_name, error) => {
    const { watches, clock, last } = setUp([page("7", [])]);
    await settle();
    last().send(event("ADDED", "a", "8"));
    last().fail(error);
    await clock.advance(799);
    expect(watches).toHaveLength(1);
    await clock.advance(1);
    expect(watches.map((watch) => watch.from)).toEqual(["7", "8"]);
  });

  test("it is in touch from a list or an open watch on, until something goes wrong", async () => {
    const { contacts, clock, last } = setUp([page("7", [])]);
    await settle();
    last().open();
    await clock.advance(60_000);
    last().end();
    await settle();
    expect(contacts).not.toContain(false);
    last().fail(refusal(0, "Unreachable"));
    await clock.advance(800);
    expect(contacts.at(-1)).toBe(false);
    last().open();
    expect(contacts.at(-1)).toBe(true);
  });

  test("another refusal leads to a new list", async () => {
    const { requests, clock, last } = setUp([page("7", []), page("8", [])]);
    await settle();
    last().fail(refusal(403, "Forbidden"));
    await clock.advance(800);
    expect(requests).toHaveLength(2);
  });

  test("a silent connection is given up after three minutes", async () => {
    const { watches, clock, last } = setUp([page("7", [])]);
    await settle();
    await clock.advance(170_000);
    last().send(event("BOOKMARK", "", "9"));
    await clock.advance(179_999);
    expect(last().isAborted()).toBe(false);
    await clock.advance(1);
    expect(watches[0]?.isAborted()).toBe(true);
    await clock.advance(800);
    expect(watches.map((watch) => watch.from)).toEqual(["7", "9"]);
  });

  test("a watch that the server does not end is ended 30 s after its time", async () => {
    const { watches, clock, last } = setUp([page("7", [])]);
    await settle();
    for (let seconds = 0; seconds < 320; seconds += 20) {
      last().send(event("BOOKMARK", "", "9"));
      await clock.advance(20_000);
    }
    expect(watches).toHaveLength(1);
    await clock.advance(10_000);
    expect(watches[0]?.isAborted()).toBe(true);
  });

  test("three watches in a row that end at once without an event lead to a new list", async () => {
    const { watches, requests, clock, last } = setUp([page("7", []), page("8", [])]);
    await settle();
    for (const wait of [800, 1600, 3200]) {
      last().end();
      await clock.advance(wait);
    }
    expect(watches.map((watch) => watch.from)).toEqual(["7", "7", "7", "8"]);
    expect(requests).toHaveLength(2);
  });

  test("an event between short watches keeps it watching", async () => {
    const { watches, requests, clock, last } = setUp([page("7", [])]);
    await settle();
    for (let round = 0; round < 5; round++) {
      if (round % 2 === 1) last().send(event("BOOKMARK", "", "9"));
      last().end();
      await clock.advance(30_000);
    }
    expect(watches).toHaveLength(6);
    expect(requests).toHaveLength(1);
  });

  test("an event that can never be read is passed by with a new list", async () => {
    const { requests, clock, last } = setUp([page("7", []), page("9", [object("a", "8")])]);
    await settle();
    for (let round = 0; round < 3; round++) {
      last().fail(refusal(0, "GarbledAnswer"));
      await clock.advance(3200);
    }
    expect(requests).toHaveLength(2);
    expect(last().from).toBe("9");
  });

  test("a sink that fails is given everything again", async () => {
    const { log, clock, last, failPuts } = setUp([page("7", []), page("9", [object("a", "8")])]);
    await settle();
    failPuts(new Error("full"));
    last().send(event("ADDED", "a", "8"), event("ADDED", "b", "9"));
    failPuts(undefined);
    log.length = 0;
    await clock.advance(800);
    expect(log).toEqual(["put a@8", "progress 9", "listed 9"]);
  });

  test("an object's resourceVersion that is no decimal integer ends it for good", async () => {
    const { fatal, clock, last, watches } = setUp([page("7", [])]);
    await settle();
    last().send(event("ADDED", "a", "8-beta"));
    await clock.advance(3_600_000);
    expect(fatal()).toMatchObject({ code: "SG4001" });
    expect(watches).toHaveLength(1);
  });
});

describe("stopping", () => {
  test("ends a watch, and nothing is put any more", async () => {
    const { reflector, log, last, clock } = setUp([page("7", [])]);
    await settle();
    const watch = last();
    await reflector.stop();
    log.length = 0;
    watch.send(event("ADDED", "a", "8"));
    await clock.advance(600_000);
    expect(log).toEqual([]);
    expect(watch.isAborted()).toBe(true);
  });

  test("ends a wait", async () => {
    const { reflector, requests, clock } = setUp([refusal(0, "Unreachable")]);
    await settle();
    await reflector.stop();
    await clock.advance(600_000);
    expect(requests).toHaveLength(1);
    expect(clock.waiting).toBe(0);
  });
});

test("in a hurry it makes the server look anew, and watches briefly for the bookmark that follows", async () => {
  const { reflector, watches, requests, retries, contacts } = setUp([page("7", []), page("9", [])]);
  reflector.start();
  await settle();
  watches[0]?.send(event("ADDED", "a", "8"));
  reflector.hurry();
  await settle();
  expect(watches[0]?.isAborted()).toBe(true);
  expect(requests.at(-1)).toEqual({ limit: 0, continueToken: undefined });
  expect([watches[1]?.from, watches[1]?.timeoutSeconds]).toEqual(["8", 3]);
  watches[1]?.send({ type: "BOOKMARK", object: { metadata: { name: "", resourceVersion: "9" } } });
  watches[1]?.end();
  await settle();
  expect([watches[2]?.from, watches[2]?.timeoutSeconds]).toEqual(["9", 300]);
  expect([retries, contacts.includes(false)]).toEqual([[], false]);
  await reflector.stop();
});
