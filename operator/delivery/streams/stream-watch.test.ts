import { expect, test } from "vitest";
import { ManualClock } from "../../../test/support/manual-clock.ts";
import { StreamWatch } from "./stream-watch.ts";

function setUp() {
  const clock = new ManualClock();
  const start = clock.now();
  const found: { readonly at: number; readonly message: string }[] = [];
  const pushes = { stalled: undefined as string | undefined };
  const watch = new StreamWatch({
    ...{ clock, heartbeatMs: 1_000 },
    stalled: () => pushes.stalled,
    onDead: ({ message }) => found.push({ at: clock.now() - start, message }),
  });
  watch.heard();
  watch.start();
  return { clock, start, watch, pushes, found };
}

test("A stream is dead after three heartbeats without a message, and is named once", async () => {
  const { clock, found } = setUp();
  await clock.advance(20_000);
  expect(found).toEqual([{ at: 4_000, message: expect.stringContaining("no message for 3000 ms") }]);
});

test("A message begins the count anew, and dates when the sidecar was seen", async () => {
  const { clock, start, watch, found } = setUp();
  await clock.advance(3_500);
  watch.heard();
  await clock.advance(3_000);
  expect(found).toEqual([]);
  expect(watch.seenAt - start).toBe(3_500);
});

test("A push that stands still ends a stream on which messages come", async () => {
  const { clock, watch, pushes, found } = setUp();
  pushes.stalled = "acme";
  watch.heard();
  await clock.advance(1_000);
  expect(found).toEqual([{ at: 1_000, message: expect.stringContaining('"acme": a push stood still') }]);
});

test("Stopped, it finds nothing", async () => {
  const { clock, watch, found } = setUp();
  watch.stop();
  await clock.advance(20_000);
  expect(found).toEqual([]);
});
