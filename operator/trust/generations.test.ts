import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { activeOf, type Generation, planSteps, type Schedule } from "./generations.ts";
import { authoritySchedule, LEAF_MS, signingSchedule } from "./schedules.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const schedule: Schedule = { announceMs: 7 * DAY, activeMs: 100 * DAY, retainMs: 30 * DAY, signedMs: DAY };

/** One visit of a leader. */
function visit(generations: readonly Generation[], now: number, by: Schedule): readonly Generation[] {
  const { keep, add } = planSteps(generations, now, by);
  return add === undefined ? keep : [...keep, { id: `g${now}`, ...add, key: "key" }];
}

const at = (day: number) => day * DAY;

describe("generations", () => {
  test("the first one signs at once", () => {
    const [first, ...rest] = visit([], at(0), schedule);
    expect(rest).toEqual([]);
    expect(first).toMatchObject({ announcedAt: 0, activeAt: 0, expiresAt: at(130) });
  });

  test("a successor is announced a week before it signs, and the first one forgets its key an hour after", () => {
    const first = visit([], at(0), schedule);
    expect(visit(first, at(93) - 1, schedule)).toBe(first);
    const both = visit(first, at(93), schedule);
    expect(both[1]).toMatchObject({ announcedAt: at(93), activeAt: at(100), expiresAt: at(230) });
    expect(activeOf(both, at(100) - 1)?.id).toBe("g0");
    expect(activeOf(both, at(100))?.id).toBe(both[1]?.id);
    expect(visit(both, at(100) + HOUR - 1, schedule)).toBe(both);
    expect(visit(both, at(100) + HOUR, schedule).map(({ key }) => key)).toEqual([undefined, "key"]);
    expect(visit(both, at(130), schedule).map(({ id }) => id)).toEqual([both[1]?.id]);
  });

  test("the next visit is due when there is something to do, and not before", () => {
    let generations = visit([], 0, schedule);
    let now = 0;
    const visits = [];
    while (now < at(400)) {
      now = planSteps(generations, now, schedule).nextAt;
      const next = visit(generations, now, schedule);
      expect(next).not.toBe(generations);
      generations = next;
      visits.push(now / DAY);
    }
    const hour = 1 / 24;
    expect(visits).toEqual([
      93,
      100 + hour,
      130,
      193,
      200 + hour,
      230,
      293,
      300 + hour,
      330,
      393,
      400 + hour,
    ]);
  });

  test("without a leader for long, the successor signs before the last one's signatures end", () => {
    const first = visit([], 0, schedule);
    expect(visit(first, at(125), schedule)[1]).toMatchObject({ announcedAt: at(125), activeAt: at(129) });
    expect(visit(first, at(129.5), schedule)[1]).toMatchObject({ activeAt: at(129.5) });
    expect(visit(first, at(131), schedule)).toMatchObject([{ announcedAt: at(131), activeAt: at(131) }]);
  });

  test("a clock that is behind signs with the first one that there is, and never without a key", () => {
    const [first] = visit([], at(10), schedule) as [Generation];
    expect(activeOf([first], at(9))).toBe(first);
    const second = { ...first, id: "second", activeAt: at(20), expiresAt: at(150) };
    expect(activeOf([{ ...first, key: undefined }, second], at(15))).toBe(second);
    expect(activeOf([first], first.expiresAt)).toBeUndefined();
  });
});

/**
 * Years of a leader that looks now and then. Whoever made a signature knew the generations as they stood up to `lagMs`
 * before; whoever checks it trusts a list as it stood up to `lagMs` before that instant.
 */
describe.each([
  ["authorities", authoritySchedule, LEAF_MS],
  ["signing keys", signingSchedule, 0],
])("over years, of %s", (_, by, signedMs) => {
  test("any list of the last hours trusts every signature that can be in use", () => {
    const stepsMs = fc.array(fc.integer({ min: HOUR, max: by.announceMs / 2 }), {
      minLength: 200,
      maxLength: 400,
    });
    fc.assert(
      fc.property(stepsMs, fc.integer({ min: 0, max: 12 * HOUR }), (steps, lagMs) => {
        const history = historyOf(steps, by);
        const stateAt = (time: number) => history.findLast((entry) => entry.at <= time)?.generations ?? [];
        for (const { at: now } of history) {
          if (now < lagMs + signedMs) continue;
          const trusted = [0, lagMs / 2, lagMs].map((lag) => new Set(stateAt(now - lag).map(({ id }) => id)));
          for (const age of [0, signedMs / 2, signedMs]) {
            const signedAt = now - age;
            const signer = activeOf(stateAt(signedAt - lagMs), signedAt) as Generation;
            expect(signer.expiresAt).toBeGreaterThan(now);
            for (const list of trusted) expect(list.has(signer.id)).toBe(true);
          }
        }
      }),
      { numRuns: 20 },
    );
  });
});

function historyOf(steps: readonly number[], by: Schedule) {
  const history: { readonly at: number; readonly generations: readonly Generation[] }[] = [];
  let generations: readonly Generation[] = [];
  let now = 0;
  for (const step of steps) {
    generations = visit(generations, now, by);
    history.push({ at: now, generations });
    now += step;
  }
  return history;
}
