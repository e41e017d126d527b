import { describe, expect, test } from "vitest";
import { Fleet, type FleetMember, type Holding } from "./fleet.ts";

function member(sidecar: string, holding: Partial<Holding>): FleetMember {
  const whole: Holding = {
    ...{
      domain: "shop",
      active: undefined,
      refused: undefined,
      outstanding: undefined,
      behind: false,
      lackingSince: undefined,
    },
    ...holding,
  };
  return {
    ...{ id: sidecar, sidecar, version: "1.0.0", peer: "127.0.0.1:1", connectedAt: 0, seenAt: 0 },
    holdings: new Map([[whole.domain, whole]]),
  };
}

const active = (revision: string) => ({ revision, epoch: 0, position: {} });

describe("a fleet", () => {
  test("sums up who has what of a domain", () => {
    const fleet = new Fleet();
    fleet.join(member("a", { active: active("r2") }));
    fleet.join(member("b", { active: active("r1"), lackingSince: 100 }));
    const refused = { revision: "r2", code: "SG2002", message: "", times: 1, until: 0 };
    fleet.join(member("c", { lackingSince: 50, refused }));
    fleet.join(member("d", { domain: "bank" }));
    expect(fleet.size).toBe(4);
    expect(fleet.summary("shop", 1_000)).toEqual({
      sidecars: 3,
      current: 1,
      byRevision: new Map([
        ["r2", 1],
        ["r1", 1],
        ["", 1],
      ]),
      laggards: [
        { sidecar: "c", lagMs: 950, refused: "SG2002" },
        { sidecar: "b", lagMs: 900 },
      ],
    });
  });

  test("names at most twenty laggards, the longest lacking", () => {
    const fleet = new Fleet();
    for (let index = 0; index < 30; index++) fleet.join(member(`s${index}`, { lackingSince: index }));
    const { laggards } = fleet.summary("shop", 100);
    expect(laggards).toHaveLength(20);
    expect(laggards[0]?.sidecar).toBe("s0");
  });

  test("forgets who leaves and tells who listens", () => {
    const fleet = new Fleet();
    const heard: string[] = [];
    const deafen = fleet.subscribe((domain) => heard.push(domain));
    const gone: string[] = [];
    fleet.onDeparture(({ sidecar }, how) => gone.push(`${sidecar} ${how}`));
    const leave = fleet.join(member("a", {}));
    leave("goodbye");
    leave("lost");
    deafen();
    fleet.changed("shop");
    expect(heard).toEqual(["shop", "shop"]);
    expect(gone).toEqual(["a goodbye"]);
    expect([...fleet.members()]).toEqual([]);
  });
});
