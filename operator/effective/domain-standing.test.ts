import { beforeEach, describe, expect, test } from "vitest";
import type { ActivePolicy } from "../fleet/fleet.ts";
import { DomainStanding } from "./domain-standing.ts";
import { Publications } from "./publications.ts";
import type { DomainReport, SidecarGroup } from "./replica-report.ts";

const at = (binding: number, revision = `r${binding}`): ActivePolicy => ({
  ...{ revision, epoch: 0 },
  position: { AccessRoleBinding: String(binding) },
});
const group = (binding: number, more: Partial<SidecarGroup> = {}): SidecarGroup => ({
  ...{ active: at(binding), isSettled: true, connected: [], lost: [], ...more },
});

let publications: Publications;
let standing: DomainStanding;
let now: number;

beforeEach(() => {
  publications = new Publications();
  standing = new DomainStanding();
  now = 0;
  standing.setReplicas(new Set(["a", "b"]), now);
  publications.publish(at(1));
  change(2);
});

function change(binding: number, revision = `r${binding}`): void {
  const what = { kind: "AccessRoleBinding", resourceVersion: String(binding), isBeyond: false };
  publications.read({ ...what, onPublished: () => {} });
  publications.publish(at(binding, revision));
}

function report(
  replica: string,
  published: number,
  groups: SidecarGroup[] = [],
  more: Partial<DomainReport> = {},
) {
  const domain = { published: at(published), groups, departed: [], laggards: [], staleSeconds: 10, ...more };
  standing.report({ replica, position: {}, domains: new Map() }, domain, now);
}

const judge = () => standing.judge(publications, now);
const awaited = () => standing.awaited(publications.last, publications, now);

describe("a change has reached everybody", () => {
  test("once all live replicas and their sidecars have it", () => {
    report("a", 2, [group(2, { connected: ["x"] })]);
    report("b", 1, [group(1, { connected: ["y"] })]);
    expect(judge()).toMatchObject({ reached: 1, live: 2, current: 1 });
    report("b", 2, [group(1, { connected: ["y"] })]);
    expect(judge().reached).toBe(1);
    report("b", 2, [group(2, { connected: ["y"] })]);
    expect(judge()).toMatchObject({ reached: 2, live: 2, current: 2 });
  });

  test("not while a live replica has reported nothing, though it has no sidecar", () => {
    report("a", 2);
    expect(judge().reached).toBe(0);
    expect(awaited()).toEqual([{ replica: "b" }]);
  });

  test("also where a replica does not list the domain, and has read so far", () => {
    report("a", 2);
    const position = { AccessRoleBinding: "2" };
    standing.report({ replica: "b", position, domains: new Map() }, undefined, now);
    expect(judge().reached).toBe(2);
  });

  test("by content that came back, where its replica had it when it said so", () => {
    change(3, "r1");
    report("a", 3, [group(1, { connected: ["x"] })]);
    report("b", 3);
    expect(judge().reached).toBe(3);
    report("a", 1, [group(1, { connected: ["x"] })]);
    expect(judge().reached).toBe(1);
  });

  test("not by content that came back while something else is on the way", () => {
    change(3, "r1");
    report("a", 3, [group(1, { connected: ["x"], isSettled: false })]);
    report("b", 3);
    expect(judge().reached).toBe(1);
  });
});

describe("a sidecar that is lost", () => {
  beforeEach(() => {
    report("a", 1, [group(1, { connected: ["x"] })], {
      laggards: [{ id: "x", sidecar: "shop/x", revision: "r1", since: 0 }],
    });
    report("b", 2);
    now = 1_000;
    const laggards = [{ id: "x", sidecar: "shop/x", revision: "r1", since: 1_000 }];
    report("a", 2, [group(1, { lost: ["x"] })], { laggards });
  });

  test("is waited for until its bound is over", () => {
    expect(judge()).toMatchObject({ reached: 1, live: 1, next: 12_000 });
    expect(awaited()).toEqual([
      { sidecar: "shop/x", replica: "a", isLost: true, until: 12_000, refused: undefined },
    ]);
    now = 12_000;
    expect(judge()).toMatchObject({ reached: 2, live: 0 });
    expect(awaited()).toEqual([]);
  });

  test("counts as where another replica lists it since", () => {
    now = 2_000;
    report("b", 2, [group(2, { connected: ["x"] })]);
    expect(judge()).toMatchObject({ reached: 2, live: 1 });
  });

  test("is over when it said goodbye", () => {
    report("a", 2, [], { departed: ["x"] });
    expect(judge()).toMatchObject({ reached: 2, live: 0 });
  });

  test("that nobody lists any more is waited for all the same", () => {
    report("a", 2);
    expect(judge()).toMatchObject({ reached: 1, live: 1 });
  });
});

test("an old listing elsewhere proves nothing until a broken stream would have been noticed", () => {
  report("a", 2, [], { staleSeconds: 300 });
  report("b", 2, [group(2, { connected: ["x"] })], { staleSeconds: 300 });
  now = 1_000;
  report("a", 1, [group(1, { connected: ["x"] })], { staleSeconds: 300 });
  now = 2_000;
  report("a", 2, [group(1, { lost: ["x"] })], { staleSeconds: 300 });
  expect(judge()).toMatchObject({ reached: 1, next: 32_000 });
  now = 32_000;
  expect(judge().reached).toBe(2);
});

test("sidecars of a replica that is gone are waited for until their bound is over, or another one lists them", () => {
  report("a", 2);
  report("b", 1, [group(1, { connected: ["x", "y"] })]);
  now = 1_000;
  standing.setReplicas(new Set(["a"]), now);
  expect(judge()).toMatchObject({ reached: 1, live: 2 });
  now = 2_000;
  report("a", 2, [group(2, { connected: ["x"] })]);
  expect(judge()).toMatchObject({ reached: 1, live: 2, next: 12_000 });
  now = 12_000;
  expect(judge()).toMatchObject({ reached: 2, live: 1 });
});

test("a connected sidecar that never answers is over once everybody else has had the change for its bound", () => {
  report("a", 2, [group(1, { connected: ["x"], isSettled: false })]);
  report("b", 1);
  now = 5_000;
  judge();
  report("b", 2);
  expect(judge()).toMatchObject({ reached: 1, next: 16_000 });
  now = 16_000;
  expect(judge().reached).toBe(2);
});
