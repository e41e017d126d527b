import { expect, test } from "vitest";
import { ManualClock } from "../../../test/support/manual-clock.ts";
import { encodeHeartbeat } from "../push/messages.ts";
import { Outbox } from "./outbox.ts";
import { WakeSlots } from "./wake-slots.ts";

const HEARTBEAT = encodeHeartbeat(1_000).toString("hex");
const LARGE = 64 * 1024;

/** An outbox to a peer that takes messages when told to. */
function setUp() {
  const clock = new ManualClock();
  const start = clock.now();
  const due: Buffer[] = [];
  let wakeAt = Number.POSITIVE_INFINITY;
  const written: { readonly at: number; readonly what: string }[] = [];
  const taken: (() => void)[] = [];
  const stream = {
    write(bytes: Buffer, then: () => void) {
      const hex = bytes.toString("hex");
      written.push({
        at: clock.now() - start,
        what: hex === HEARTBEAT ? "heartbeat" : `${bytes.length} bytes`,
      });
      taken.push(then);
      return true;
    },
    on: () => {},
  };
  const next = () => due.shift() ?? (wakeAt > clock.now() ? wakeAt : Number.POSITIVE_INFINITY);
  const outbox = new Outbox({ stream, clock, wakes: new WakeSlots(clock), heartbeatMs: 1_000, next });
  const take = () => {
    for (const then of taken.splice(0)) then();
  };
  const wakeIn = (ms: number) => {
    wakeAt = clock.now() + ms;
  };
  return { clock, due, outbox, written, take, wakeIn };
}

test("It writes all that is due, one message after the other", () => {
  const { due, outbox, written } = setUp();
  outbox.greet();
  due.push(Buffer.alloc(3), Buffer.alloc(5));
  outbox.pump();
  expect(written.map(({ what }) => what)).toEqual(["heartbeat", "3 bytes", "5 bytes"]);
});

test("It makes no message before there is room for it", () => {
  const { due, outbox, written, take } = setUp();
  due.push(Buffer.alloc(LARGE), Buffer.alloc(5));
  outbox.pump();
  expect(written.map(({ what }) => what)).toEqual([`${LARGE} bytes`]);
  expect(due).toHaveLength(1);
  take();
  expect(written.map(({ what }) => what)).toEqual([`${LARGE} bytes`, "5 bytes"]);
});

test("Where nothing is due it writes a heartbeat for each time without a message", async () => {
  const { clock, outbox, written, take } = setUp();
  outbox.greet();
  outbox.pump();
  for (let passed = 0; passed < 3_500; passed += 100) {
    await clock.advance(100);
    take();
  }
  expect(written.map(({ at }) => at)).toEqual([0, 1_000, 2_000, 3_000]);
});

test("It looks again when there may be a message", async () => {
  const { clock, due, outbox, written, wakeIn } = setUp();
  outbox.greet();
  wakeIn(300);
  outbox.pump();
  due.push(Buffer.alloc(7));
  await clock.advance(300);
  expect(written.at(-1)).toEqual({ at: 300, what: "7 bytes" });
});

test("Stopped, it writes nothing any more", async () => {
  const { clock, due, outbox, written } = setUp();
  outbox.stop();
  due.push(Buffer.alloc(7));
  outbox.pump();
  await clock.advance(5_000);
  expect(written).toEqual([]);
});
