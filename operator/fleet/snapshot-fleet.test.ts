import { describe, expect, test } from "vitest";
import type { ActivePolicy, FleetMember, Holding } from "./fleet.ts";
import { shortIdOf } from "./sidecar-id.ts";
import { type FleetFacts, snapshotFleet } from "./snapshot-fleet.ts";

const policy = (revision: string, at: string): ActivePolicy => ({
  ...{ revision, epoch: 0, position: { AccessRole: at } },
});

function member(sidecar: string, holding: Partial<Holding>): FleetMember {
  const whole: Holding = {
    ...{ domain: "shop", active: undefined, refused: undefined, outstanding: undefined },
    ...{ behind: false, lackingSince: undefined, ...holding },
  };
  return {
    ...{ id: sidecar, sidecar, version: "1.0.0", peer: "127.0.0.1:1", connectedAt: 0, seenAt: 0 },
    holdings: new Map([["shop", whole]]),
  };
}

const snapshot = (members: FleetMember[], more: Partial<FleetFacts> = {}) =>
  snapshotFleet({
    ...{ domain: "shop", members, lost: new Map(), departed: [], published: policy("r2", "9") },
    ...{ staleSeconds: 300, now: 1_000, wallTime: 1_000_000, ...more },
  });
const idsOf = (...members: FleetMember[]) => members.map((one) => shortIdOf(one));

describe("a snapshot of the fleet", () => {
  test("counts together who decides by the same content, at the lowest position", () => {
    const shared = policy("r1", "10");
    const a = member("a", { active: shared });
    const b = member("b", { active: policy("r1", "9") });
    const c = member("c", { active: shared });
    const d = member("d", { active: policy("r2", "1") });
    expect(snapshot([a, b, c, d]).groups).toEqual([
      { active: policy("r1", "9"), isSettled: true, connected: idsOf(a, b, c), lost: [] },
      { active: policy("r2", "1"), isSettled: true, connected: idsOf(d), lost: [] },
    ]);
  });

  test("tells those apart to whom a push is under way, and those who have nothing", () => {
    const shared = policy("r1", "1");
    const a = member("a", { active: shared });
    const b = member("b", { active: shared, outstanding: "r2" });
    const c = member("c", {});
    const groups = snapshot([a, b, c]).groups.map(({ active, isSettled, connected }) => {
      return [active?.revision, isSettled, connected];
    });
    expect(groups).toEqual([
      ["r1", false, idsOf(b)],
      ["r1", true, idsOf(a)],
      [undefined, true, idsOf(c)],
    ]);
  });

  test("counts who is lost with those who have the same", () => {
    const shared = policy("r1", "1");
    const a = member("a", { active: shared });
    const lost = { sidecar: "z", active: policy("r1", "1"), isSettled: true, at: 400, order: 1 };
    const { groups, laggards } = snapshot([a], { lost: new Map([["0123", lost]]) });
    expect(groups).toEqual([{ active: shared, isSettled: true, connected: idsOf(a), lost: ["0123"] }]);
    expect(laggards).toEqual([{ id: "0123", sidecar: "z", revision: "r1", since: 999_400 }]);
  });

  test("names the twenty that have lagged the longest, equals by id, whoever came first", () => {
    const members = Array.from({ length: 50 }, (_, number) =>
      member(`s${number}`, { active: policy("r1", "1"), lackingSince: (number * 7) % 10 }),
    );
    const wanted = members
      .map((one) => ({ id: shortIdOf(one), since: 999_000 + (one.holdings.get("shop")?.lackingSince ?? 0) }))
      .sort((a, b) => a.since - b.since || (a.id < b.id ? -1 : 1))
      .slice(0, 20);
    for (const order of [members, members.toReversed()]) {
      expect(snapshot(order).laggards.map(({ id, since }) => ({ id, since }))).toEqual(wanted);
    }
  });
});
