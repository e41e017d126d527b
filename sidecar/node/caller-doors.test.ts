import { beforeEach, describe, expect, it } from "vitest";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import { CheckRequest, CheckResponse } from "../../proto/generated/decision.js";
import { SyncResponse } from "../../proto/generated/delivery.js";
import type { Input } from "../../proto/message-type.ts";
import { sidegateService } from "../../proto/sidegate-service.ts";
import { allowed, compiledOf, shop } from "../../test/integration/sidecar-fixture.ts";
import { ManualClock, settle } from "../../test/support/manual-clock.ts";
import { silent } from "../../test/support/silent-logger.ts";
import type { Call } from "../api/call.ts";
import { Turns } from "../api/turns.ts";
import type { StreamHandlers } from "../delivery/session.ts";
import { TokenVerifier } from "../token/token-verifier.ts";
import { CallerBook } from "./caller-book.ts";
import { callerDoors } from "./caller-doors.ts";
import { DomainBook } from "./domain-book.ts";

let clock: ManualClock;
let domains: DomainBook;
/** Lets the operator say of the one who is asked about whether they may. */
let say: ((mayAsk: boolean) => Promise<void>)[];
/** The operator's ends of the streams. */
let streams: StreamHandlers[];
/** Resolves with whether it is allowed, or the error. */
let ask: (options?: Question) => Promise<boolean | string>;

interface Question {
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
  readonly domain?: string;
  readonly token?: string;
  readonly minPosition?: readonly string[];
}

beforeEach(() => {
  clock = new ManualClock();
  say = [];
  streams = [];
  domains = new DomainBook({
    ...{ clock, logger: silent, random: () => 0, name: "node-1", version: "0.0.0" },
    ...{ operators: ["unix:operator"], maxDomains: 8, idleMs: 3_600_000 },
    connect(_address, handlers) {
      streams.push(handlers);
      return { send() {}, close() {} };
    },
  });
  const callers = new CallerBook({
    clock,
    logger: silent,
    review: (_token, named) =>
      new Promise((resolve) => {
        say.push((mayAsk) => {
          const refusal = mayAsk ? null : { unauthenticated: false, message: "may not" };
          resolve({ domain: named === "" ? "shop" : named, user: "pay", expiresAt: 0, refusal });
          return settle();
        });
      }),
  });
  const tools = { tokens: new TokenVerifier(silent), clock, turns: new Turns(), counts: undefined };
  const [door] = callerDoors({ ...tools, policies: NONE }, { callers, domains });
  expect(door?.path).toBe(sidegateService.check.path);
  ask = async ({ deadlineMs = 5_000, domain = "", token = "t", minPosition = [], ...more } = {}) => {
    const { signal = new AbortController().signal } = more;
    const call: Call = { deadline: clock.wallTime() + deadlineMs, authorization: `Bearer ${token}`, signal };
    try {
      const bytes = CheckRequest.encode({ ...allowed, domain, minPosition: [...minPosition] }).finish();
      return CheckResponse.decode(await door!.handle(bytes, call)).allowed;
    } catch (error) {
      if (!(error instanceof SidegateError)) return "gone";
      return `${error.code} ${error.message}`;
    }
  };
});

const UNREACHED = ["Organization:9999"];

const NONE = {
  sole: undefined,
  domains: () => [],
  get: () => undefined,
  freshness: () => ({ fresh: true }) as const,
  waitFor: () => Promise.reject(new Error("nobody asks for it")),
};

/** Delivers the policy on the last stream. */
async function deliver(domain = "shop"): Promise<void> {
  const policy = compiledOf(shop, {}, domain);
  const send = (message: Input<SyncResponse>) =>
    streams.at(-1)!.message(SyncResponse.decode(SyncResponse.encode(message).finish()));
  const shards = policy.shards.map(({ id, hash, bytes }) => ({
    ...{ id, hash: Buffer.from(hash, "hex"), size: bytes.length },
  }));
  for (const { hash, bytes } of policy.shards)
    send({ chunk: { domain, hash: Buffer.from(hash, "hex"), data: bytes, last: true } });
  send({ commit: { policy: { ...policy, issuedAt: clock.wallTime(), shards } } });
  await settle();
}

/** What a question is answered by now. */
async function state(answer: Promise<boolean | string>): Promise<boolean | string> {
  await settle();
  return Promise.race([answer, "waits"]);
}

describe("a first question to a node's sidecar", () => {
  it("is answered once the operator has said who asks and the policy is there", async () => {
    const answer = ask();
    await clock.advance(2_000);
    await say[0]!(true);
    await clock.advance(2_000);
    await deliver();
    expect(await answer).toBe(true);
    expect(await ask()).toBe(true);
    expect(say).toHaveLength(1);
  });

  it("learns before its deadline that the operator does not say who asks", async () => {
    const answer = ask();
    await clock.advance(4_499);
    expect(await state(answer)).toBe("waits");
    await clock.advance(1);
    expect(await state(answer)).toBe("SG3304 the operator has not said in 4500 ms who asks");
  });

  it("learns before its deadline that there is no policy yet, whatever of the time was spent on who asks", async () => {
    const answer = ask();
    await clock.advance(4_000);
    await say[0]!(true);
    await clock.advance(500);
    expect(await state(answer)).toBe('SG3002 the first policy of domain "shop" has not come in 4500 ms');
  });

  it("keeps a tenth of a short deadline, and waits some seconds without one", async () => {
    const short = ask({ deadlineMs: 100 });
    const endless = ask({ deadlineMs: Infinity });
    await clock.advance(89);
    expect(await state(short)).toBe("waits");
    await clock.advance(1);
    expect(await state(short)).toMatch("SG3304");
    await clock.advance(4_909);
    expect(await state(endless)).toBe("waits");
    await clock.advance(1);
    expect(await state(endless)).toMatch("SG3304");
  });

  it("has the domain followed also when its caller gave up before the operator had said who it is", async () => {
    const gone = new AbortController();
    const left = ask({ signal: gone.signal });
    const late = ask({ deadlineMs: 100 });
    gone.abort();
    await clock.advance(6_000);
    expect(await Promise.all([left, late])).toEqual(["gone", expect.stringContaining("SG3304")]);
    await say[0]!(true);
    expect([...domains.followed().keys()]).toEqual(["shop"]);
    await deliver();
    expect(await ask({ deadlineMs: 1 })).toBe(true);
    expect(say).toHaveLength(1);
  });

  it("waits on when another one about the same is given up", async () => {
    const gone = new AbortController();
    const left = ask({ signal: gone.signal });
    const stays = ask();
    await say[0]!(true);
    gone.abort();
    expect(await left).toBe("gone");
    expect(await state(stays)).toBe("waits");
    await deliver();
    expect(await stays).toBe(true);
    expect(streams).toHaveLength(1);
  });

  it("has no domain followed for who may not ask about it, neither before that is known nor after", async () => {
    const foreign = ask({ domain: "billing", deadlineMs: 100 });
    await say[0]!(true);
    await clock.advance(1_000);
    expect(await foreign).toMatch("SG3304");
    expect(domains.followed().size).toBe(0);
    await say[1]!(false);
    expect(domains.followed().size).toBe(0);
    expect(await ask({ domain: "billing" })).toBe("SG3303 may not");
  });

  it("is answered at once where those before it have waited long enough for a policy", async () => {
    const first = ask();
    await say[0]!(true);
    await clock.advance(10_000);
    expect(await state(first)).toMatch("SG3002");
    expect(await ask()).toBe('SG3002 there is no policy of domain "shop" yet');
    await deliver();
    expect(await ask()).toBe(true);
  });

  it("waits for a position as any other does, once the policy is there", async () => {
    const answer = ask({ minPosition: UNREACHED });
    await say[0]!(true);
    await deliver();
    await clock.advance(5_000);
    expect(await state(answer)).toMatch("SG3003");
  });

  it("takes what time it needs without a deadline, once the policy is there", async () => {
    const answer = ask({ minPosition: UNREACHED, deadlineMs: Infinity });
    await clock.advance(3_000);
    await say[0]!(true);
    await deliver();
    await clock.advance(4_999);
    expect(await state(answer)).toBe("waits");
    await clock.advance(1);
    expect(await state(answer)).toMatch("SG3003");
  });

  it("is turned away where too many of the same caller wait, also such as have gone; others are not", async () => {
    const many = Array.from({ length: 64 }, () => ask({ deadlineMs: 100 }));
    await clock.advance(100);
    await Promise.all(many);
    expect(await ask()).toBe("SG3304 64 other calls of this caller wait for their first answer");
    const other = ask({ token: "other" });
    await say[1]!(true);
    await deliver();
    expect(await other).toBe(true);
    await say[0]!(true);
    expect(await ask()).toBe(true);
  });

  it("is turned away where too many wait of all callers", async () => {
    const many = Array.from({ length: 1_024 }, (_, at) => ask({ deadlineMs: 100, token: `t${at % 16}` }));
    await clock.advance(100);
    await Promise.all(many);
    expect(await ask()).toBe("SG3304 1024 other calls wait for their first answer");
    await say[0]!(true);
    await deliver();
    expect(await ask({ token: "t0" })).toBe(true);
  });
});
