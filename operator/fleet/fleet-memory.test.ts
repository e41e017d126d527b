import { beforeEach, describe, expect, test } from "vitest";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { Fleet, type FleetMember } from "./fleet.ts";
import { FleetMemory } from "./fleet-memory.ts";
import { shortIdOf } from "./sidecar-id.ts";

const BOUND_MS = 300_000;

let clock: ManualClock;
let fleet: Fleet;
let memory: FleetMemory;

beforeEach(() => {
  clock = new ManualClock();
  fleet = new Fleet();
  memory = new FleetMemory(fleet, clock);
});

const sidecar = (name = "a"): FleetMember => ({
  ...{ id: name, sidecar: name, version: "1.0.0", peer: "127.0.0.1:1", connectedAt: 0, seenAt: 0 },
  holdings: new Map([
    [
      "shop",
      {
        ...{ domain: "shop", active: { revision: "r1", epoch: 0, position: {} }, refused: undefined },
        ...{ outstanding: undefined, behind: false, lackingSince: undefined },
      },
    ],
  ]),
});
const lost = () => [...memory.lostOf("shop", BOUND_MS).keys()];
const departed = () => memory.departedOf("shop");
const id = shortIdOf(sidecar());

describe("a sidecar", () => {
  test("that is lost is so for its bound", async () => {
    fleet.join(sidecar())("lost");
    expect(lost()).toEqual([id]);
    await clock.advance(BOUND_MS + 1);
    expect(lost()).toEqual([]);
  });

  test("that connects again is lost no more", () => {
    fleet.join(sidecar())("lost");
    fleet.join(sidecar());
    expect(lost()).toEqual([]);
  });

  test("that connected before it was known whom an earlier process had is not among the lost", () => {
    fleet.join(sidecar());
    const group = { active: undefined, isSettled: true, connected: [id, shortIdOf(sidecar("b"))], lost: [] };
    const published = { revision: "r1", epoch: 0, position: {} };
    const shop = { published, groups: [group], departed: [], laggards: [], staleSeconds: 300 };
    memory.inherit({ replica: "pod-a", position: {}, domains: new Map([["shop", shop]]) });
    expect(lost()).toEqual([shortIdOf(sidecar("b"))]);
  });

  test("that said goodbye, came back and is lost is not taken for one that has departed", () => {
    fleet.join(sidecar())("goodbye");
    expect(departed()).toEqual([id]);
    const leave = fleet.join(sidecar());
    expect(departed()).toEqual([]);
    leave("lost");
    expect([lost(), departed()]).toEqual([[id], []]);
    fleet.join(sidecar())("goodbye");
    expect([lost(), departed()]).toEqual([[], [id]]);
  });

  test("whose old stream ends after the new one began is not lost", () => {
    const leave = fleet.join(sidecar());
    fleet.join(sidecar());
    leave("lost");
    expect(lost()).toEqual([]);
  });
});
