import { beforeEach, describe, expect, it } from "vitest";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import type { ReviewCallerResponse } from "../../proto/generated/callers.js";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { type LogLine, recordingLogger } from "../../test/support/silent-logger.ts";
import { CallerBook, keyOf } from "./caller-book.ts";

let clock: ManualClock;
let asked: string[];
/** What the operator says; an error: nothing. */
let answer: Partial<ReviewCallerResponse> | Error;
let book: CallerBook;
let lines: LogLine[];

beforeEach(() => {
  clock = new ManualClock();
  asked = [];
  answer = { domain: "shop" };
  const log = recordingLogger();
  lines = log.lines;
  book = new CallerBook({
    clock,
    logger: log.logger,
    async review(token, domain) {
      asked.push(`${token} ${domain}`);
      if (answer instanceof Error) throw answer;
      return { domain, user: "pay", expiresAt: clock.wallTime() + 3_600_000, refusal: null, ...answer };
    },
  });
});

const verdict = (token = "t", domain = "") => book.verdict(keyOf(token), token, domain);
const refusal = { refusal: { unauthenticated: false, message: "may not" } };
const away = new SidegateError("SG3304", "the operator is away");

describe("what a node's sidecar knows of its callers", () => {
  it("is asked once for a token and a domain, however many ask at the same time", async () => {
    const verdicts = await Promise.all([verdict(), verdict(), verdict("t", "billing")]);
    expect(verdicts[0]).toEqual({ domain: "shop", refusal: undefined });
    expect(asked).toEqual(["t ", "t billing"]);
    await verdict();
    expect(asked).toHaveLength(2);
  });

  it("is asked again after a minute, beside the calls that it still counts for", async () => {
    await verdict();
    await clock.advance(60_000);
    answer = refusal;
    expect((await verdict()).refusal).toBeUndefined();
    await clock.advance(1);
    expect((await verdict()).refusal?.code).toBe("SG3303");
    expect(asked).toHaveLength(2);
  });

  it("outlives the operator, but not the token", async () => {
    answer = { domain: "shop", expiresAt: clock.wallTime() + 600_000 };
    await verdict();
    answer = away;
    await clock.advance(599_999);
    expect((await verdict()).refusal).toBeUndefined();
    await clock.advance(1);
    await expect(verdict()).rejects.toBe(away);
    expect(book.known(keyOf("t"), "")).toBeUndefined();
  });

  it("is not pushed out by a pod that tries many tokens", async () => {
    await verdict();
    answer = refusal;
    for (let count = 0; count < 5_000; count++) await verdict(`tried-${count}`);
    answer = away;
    expect((await verdict()).refusal).toBeUndefined();
  });

  it("of a refusal lasts some seconds, so that who is granted a right gets it soon", async () => {
    answer = refusal;
    expect((await verdict()).refusal?.message).toBe("may not");
    answer = { domain: "shop" };
    await clock.advance(4_999);
    expect((await verdict()).refusal).toBeDefined();
    await clock.advance(1);
    expect((await verdict()).refusal).toBeUndefined();
  });

  it("tells a token that is refused from a domain that is", async () => {
    answer = { domain: "", refusal: { unauthenticated: true, message: "who is that" } };
    expect((await verdict()).refusal?.code).toBe("SG3302");
  });

  it("is logged once a minute where it is a refusal, however often its caller comes back", async () => {
    answer = refusal;
    for (const domain of ["a", "b", "c"]) await verdict("t", domain);
    expect(lines.filter(({ msg }) => msg === "Refused a caller")).toHaveLength(1);
    await clock.advance(60_000);
    await verdict("t", "a");
    expect(lines.filter(({ msg }) => msg === "Refused a caller")).toHaveLength(2);
  });

  it("is nothing where the operator can not be asked, and is asked for again", async () => {
    answer = away;
    await expect(verdict()).rejects.toBe(away);
    answer = { domain: "shop" };
    expect((await verdict()).refusal).toBeUndefined();
  });

  it("lasts five minutes for a token that does not say when it ends", async () => {
    answer = { domain: "shop", expiresAt: 0 };
    await verdict();
    answer = away;
    await clock.advance(300_000);
    await expect(verdict()).rejects.toBe(away);
  });
});
