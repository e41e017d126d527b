import fc from "fast-check";
import { expect, test } from "vitest";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { type ActivePolicy, Fleet, type FleetMember, type Holding } from "../fleet/fleet.ts";
import { FleetMemory } from "../fleet/fleet-memory.ts";
import { shortIdOf } from "../fleet/sidecar-id.ts";
import { snapshotFleet } from "../fleet/snapshot-fleet.ts";
import { DomainStanding } from "./domain-standing.ts";
import { Publications } from "./publications.ts";
import type { ReplicaReport } from "./replica-report.ts";

/**
 * A cluster in which anything happens in any order: replicas read late, sidecars come, go, move and fall silent, reports
 * arrive late, replicas die and come back, leadership moves. What a sidecar really decides by is known here and nowhere
 * else; the leader has the reports.
 */
type Event =
  | { readonly kind: "change"; readonly content: number; readonly raiseEpoch: boolean }
  | { readonly kind: "publish"; readonly replica: number; readonly upTo: number }
  | { readonly kind: "connect"; readonly sidecar: number; readonly replica: number }
  | { readonly kind: "leave"; readonly sidecar: number; readonly how: "goodbye" | "lost" | "unnoticed" }
  | { readonly kind: "notice"; readonly sidecar: number }
  | { readonly kind: "push" | "take" | "ack" | "confirm"; readonly sidecar: number }
  | { readonly kind: "report" | "deliver" | "keepUp"; readonly replica: number }
  | { readonly kind: "suspend" | "bury" | "revive"; readonly replica: number }
  | { readonly kind: "lead"; readonly replica: number }
  | { readonly kind: "pass"; readonly ms: number };

const REPLICAS = 3;
const SIDECARS = 2;
const BOUND_MS = 10_000;
const KIND = "AccessRoleBinding";

interface Change {
  readonly content: number;
  readonly epoch: number;
}

/** One sidecar's stream as its replica sees it. */
interface Stream {
  readonly replica: number;
  readonly holding: { -readonly [K in keyof Holding]: Holding[K] };
  readonly member: FleetMember;
  readonly leave: (how: "goodbye" | "lost") => void;
  isAnnounced: boolean;
  /** What is being pushed: an index of the log, when it was superseded, and whether the sidecar has taken it. */
  push: { readonly index: number; confirmedAt: number; isTaken: boolean } | undefined;
}

interface Sidecar {
  readonly name: string;
  /** What it decides by: an index of the log. */
  has: number | undefined;
  /** When it was last told that it is current. */
  heardAt: number;
  stream: Stream | undefined;
  /** Streams that it has left and their replicas have not noticed. */
  readonly old: Stream[];
}

interface ReplicaState {
  readonly name: string;
  readonly fleet: Fleet;
  readonly memory: FleetMemory;
  book: number;
  isVouching: boolean;
  /** Since when the book has what it has. */
  publishedAt: number;
  readonly written: ReplicaReport[];
}

class Play {
  readonly clock = new ManualClock();
  readonly log: Change[] = [{ content: 0, epoch: 0 }];
  readonly replicas: ReplicaState[] = [];
  readonly sidecars: Sidecar[] = [];
  readonly counted = new Set<number>();
  leader = 0;
  #publications = new Publications();
  #standing = new DomainStanding();
  /** By index of the log: the publication that brought it, to this leader. */
  #numbers = new Map<number, number>();
  readonly declared = new Set<number>();
  /** How many of each replica's reports the leader has taken. */
  readonly #taken = new Map<number, number>();

  constructor() {
    for (let index = 0; index < REPLICAS; index++) {
      const fleet = new Fleet();
      const memory = new FleetMemory(fleet, this.clock);
      const facts = { book: 0, isVouching: true, publishedAt: 0, written: [] };
      this.replicas.push({ name: `r${index}`, fleet, memory, ...facts });
      this.counted.add(index);
    }
    for (let index = 0; index < SIDECARS; index++) {
      this.sidecars.push({ name: `s${index}`, has: undefined, heardAt: 0, stream: undefined, old: [] });
    }
    for (let index = 0; index < REPLICAS; index++) this.report(index);
    this.lead(0);
  }

  async run(event: Event): Promise<void> {
    switch (event.kind) {
      case "change": {
        const epoch = (this.log.at(-1)?.epoch ?? 0) + (event.raiseEpoch ? 1 : 0);
        this.log.push({ content: event.content, epoch });
        break;
      }
      case "publish":
        this.publish(event.replica, event.upTo);
        break;
      case "connect":
        this.connect(this.sidecars[event.sidecar] as Sidecar, event.replica);
        break;
      case "leave":
        this.leave(this.sidecars[event.sidecar] as Sidecar, event.how);
        break;
      case "notice":
        this.sidecars[event.sidecar]?.old.shift()?.leave("lost");
        break;
      case "push":
      case "take":
      case "ack":
      case "confirm":
        this[event.kind](this.sidecars[event.sidecar] as Sidecar);
        break;
      case "report":
        this.report(event.replica);
        break;
      case "deliver":
        this.deliver(event.replica);
        break;
      case "keepUp":
        this.keepUp(event.replica);
        break;
      case "suspend":
        if (event.replica !== this.leader) this.#replica(event.replica).isVouching = false;
        break;
      case "bury":
        this.bury(event.replica);
        break;
      case "revive":
        this.revive(event.replica);
        break;
      case "lead":
        if (this.#replica(event.replica).isVouching) this.lead(event.replica);
        break;
      case "pass":
        await this.clock.advance(event.ms);
    }
    this.judge();
    this.check();
  }

  /** Everything that can settle does; whoever is not connected stays away. */
  async settle(): Promise<void> {
    for (let replica = 0; replica < REPLICAS; replica++) if (this.counted.has(replica)) this.revive(replica);
    for (let replica = 0; replica < REPLICAS; replica++) this.publish(replica, this.log.length);
    for (let round = 0; round < 3; round++) {
      for (const sidecar of this.sidecars) {
        for (const stream of sidecar.old.splice(0)) stream.leave("lost");
        this.ack(sidecar);
        this.confirm(sidecar);
      }
      for (let replica = 0; replica < REPLICAS; replica++) {
        this.report(replica);
        while (this.deliver(replica));
      }
      this.judge();
      this.check();
      await this.clock.advance(BOUND_MS + 1_000);
    }
    this.judge();
    expect(this.#publications.last).toBeGreaterThan(0);
    expect(this.log.every((_, index) => this.declared.has(index))).toBe(true);
    expect(this.#standing.awaited(this.#publications.last, this.#publications, this.clock.now())).toEqual([]);
  }

  publish(index: number, upTo: number): void {
    const replica = this.#replica(index);
    const to = Math.min(this.log.length - 1, replica.book + upTo);
    if (!replica.isVouching || to === replica.book) return;
    const now = this.clock.now();
    for (const { stream } of this.sidecars) {
      // A policy that was superseded while it was being sent is dated back.
      if (
        stream?.replica === index &&
        stream.push !== undefined &&
        this.log[to]?.content !== this.log[stream.push.index]?.content
      )
        stream.push.confirmedAt = Math.min(stream.push.confirmedAt, now);
    }
    const from = replica.book;
    replica.book = to;
    replica.publishedAt = now;
    for (const sidecar of this.sidecars) this.#observe(sidecar);
    if (index === this.leader) this.#read(from + 1, to);
  }

  connect(sidecar: Sidecar, index: number): void {
    const replica = this.#replica(index);
    if (sidecar.stream !== undefined || !replica.isVouching) return;
    const holding: Stream["holding"] = {
      ...{ domain: "shop", active: sidecar.has === undefined ? undefined : this.#policy(sidecar.has) },
      ...{ refused: undefined, outstanding: undefined, behind: false, lackingSince: undefined },
    };
    const member: FleetMember = {
      ...{ id: sidecar.name, sidecar: sidecar.name, version: "1", peer: "p", connectedAt: 0, seenAt: 0 },
      holdings: new Map([["shop", holding]]),
    };
    const leave = replica.fleet.join(member);
    replica.memory.seen("shop", [shortIdOf(member)]);
    sidecar.stream = { replica: index, holding, member, leave, isAnnounced: false, push: undefined };
  }

  leave(sidecar: Sidecar, how: "goodbye" | "lost" | "unnoticed"): void {
    const { stream } = sidecar;
    if (stream === undefined) return;
    sidecar.stream = undefined;
    // A stream that is left before its replica has reported it, unnoticed until after, is not told from a new one (ADR 14).
    if (how === "unnoticed" && stream.isAnnounced) {
      sidecar.old.push(stream);
      return;
    }
    // It has stopped answering; another process comes in its place, with what is on disk but a stale contact.
    if (how === "goodbye") sidecar.heardAt = Number.NEGATIVE_INFINITY;
    stream.leave(how === "goodbye" ? how : "lost");
  }

  push(sidecar: Sidecar): void {
    const { stream } = sidecar;
    if (stream === undefined || stream.push !== undefined || !stream.isAnnounced) return;
    const { book, isVouching } = this.#replica(stream.replica);
    const { active } = stream.holding;
    const current = this.#policy(book);
    if (!isVouching || active?.revision === current.revision) return;
    if (active !== undefined && !mayFollow(active, current)) return;
    stream.push = { index: book, confirmedAt: Number.POSITIVE_INFINITY, isTaken: false };
    stream.holding.outstanding = current.revision;
  }

  take(sidecar: Sidecar): void {
    const { push } = sidecar.stream ?? {};
    if (push === undefined || push.isTaken || !mayFollow(this.#held(sidecar), this.#policy(push.index)))
      return;
    push.isTaken = true;
    sidecar.has = push.index;
    sidecar.heardAt = Math.max(sidecar.heardAt, Math.min(push.confirmedAt, this.clock.now()));
  }

  ack(sidecar: Sidecar): void {
    const { stream } = sidecar;
    if (stream?.push === undefined) this.push(sidecar);
    this.take(sidecar);
    if (stream?.push?.isTaken !== true) return;
    stream.holding.active = this.#policy(stream.push.index);
    stream.holding.outstanding = undefined;
    stream.push = undefined;
    this.#observe(sidecar);
  }

  confirm(sidecar: Sidecar): void {
    const { stream } = sidecar;
    if (stream === undefined || stream.push !== undefined || !stream.isAnnounced) return;
    const { book, isVouching } = this.#replica(stream.replica);
    const current = this.#policy(book);
    const { active } = stream.holding;
    if (!isVouching || active?.revision !== current.revision || !mayFollow(active, current)) return;
    stream.holding.active = current;
    sidecar.has = Math.max(sidecar.has ?? 0, book);
    sidecar.heardAt = this.clock.now();
  }

  report(index: number): void {
    const replica = this.#replica(index);
    if (!replica.isVouching) return;
    const now = this.clock.now();
    const published = this.#policy(replica.book);
    const shop = snapshotFleet({
      ...{
        domain: "shop",
        members: replica.fleet.members(),
        published,
        now,
        wallTime: this.clock.wallTime(),
      },
      lost: replica.memory.lostOf("shop", BOUND_MS),
      departed: replica.memory.departedOf("shop"),
      staleSeconds: BOUND_MS / 1000,
    });
    const domains = new Map([["shop", shop]]);
    replica.written.push({ replica: replica.name, position: published.position, domains });
    for (const { stream } of this.sidecars) if (stream?.replica === index) stream.isAnnounced = true;
    // Each replica hears of what the others write, and whom they did not list before.
    const before = new Set(
      replica.written
        .at(-2)
        ?.domains.get("shop")
        ?.groups.flatMap(({ connected }) => connected),
    );
    const ids = shop.groups.flatMap(({ connected }) => connected).filter((id) => !before.has(id));
    for (const other of this.replicas)
      if (other !== replica && other.isVouching) other.memory.seen("shop", ids);
  }

  deliver(index: number): boolean {
    const { written } = this.#replica(index);
    const taken = this.#taken.get(index) ?? 0;
    if (taken >= written.length) return false;
    const report = written[taken] as ReplicaReport;
    this.#taken.set(index, taken + 1);
    this.#standing.report(report, report.domains.get("shop"), this.clock.now());
    return true;
  }

  /** All that is usual, without delay. */
  keepUp(index: number): void {
    this.publish(index, this.log.length);
    for (const sidecar of this.sidecars) if (sidecar.stream?.replica === index) this.ack(sidecar);
    this.report(index);
    while (this.deliver(index));
  }

  bury(index: number): void {
    if (this.#replica(index).isVouching) return;
    this.counted.delete(index);
    // The leader reads what it wrote last before it goes on without it.
    while (this.deliver(index));
    this.#setReplicas();
  }

  revive(index: number): void {
    const replica = this.#replica(index);
    if (replica.isVouching) return;
    this.counted.add(index);
    this.#setReplicas();
    replica.isVouching = true;
    this.publish(index, this.log.length);
  }

  lead(index: number): void {
    this.leader = index;
    this.#publications = new Publications();
    this.#standing = new DomainStanding();
    this.#numbers = new Map();
    this.#setReplicas();
    this.#taken.clear();
    for (let replica = 0; replica < REPLICAS; replica++) {
      this.#taken.set(replica, Math.max(0, this.#replica(replica).written.length - 1));
      this.deliver(replica);
    }
    this.#read(0, this.#replica(index).book);
  }

  judge(): void {
    const now = this.clock.now();
    const { reached } = this.#standing.judge(this.#publications, now);
    this.#publications.settle(reached);
    this.#standing.settle(reached);
    for (const [index, number] of this.#numbers) if (number <= reached) this.declared.add(index);
  }

  /** The law: whatever is said to be effective, nobody who decides does so without it. */
  check(): void {
    const now = this.clock.now();
    for (const sidecar of this.sidecars) {
      if (sidecar.has === undefined || now - sidecar.heardAt > BOUND_MS) continue;
      const content = this.log[sidecar.has]?.content;
      for (const index of this.declared) {
        const isIn = this.log.some((change, later) => later >= index && change.content === content);
        if (!isIn) throw new Error(`${sidecar.name} decides by ${sidecar.has}, without change ${index}`);
      }
    }
  }

  #read(from: number, to: number): void {
    for (let index = from; index <= to; index++) {
      if (this.declared.has(index)) continue;
      const onPublished = (number: number) => void this.#numbers.set(index, number);
      this.#publications.read({ kind: KIND, resourceVersion: String(index), isBeyond: false, onPublished });
    }
    this.#publications.publish(this.#policy(to));
  }

  #setReplicas(): void {
    this.#standing.setReplicas(new Set([...this.counted].map((index) => `r${index}`)), this.clock.now());
  }

  #observe({ stream }: Sidecar): void {
    if (stream === undefined) return;
    const isCurrent =
      stream.holding.active?.revision === this.#policy(this.#replica(stream.replica).book).revision;
    if (isCurrent) stream.holding.lackingSince = undefined;
    else stream.holding.lackingSince ??= this.clock.now();
  }

  #held({ has }: Sidecar): ActivePolicy | undefined {
    return has === undefined ? undefined : this.#policy(has);
  }

  #replica(index: number): ReplicaState {
    return this.replicas[index] as ReplicaState;
  }

  #policy(index: number): ActivePolicy {
    const { content, epoch } = this.log[index] as Change;
    return { revision: `c${content}`, epoch, position: { [KIND]: String(index) } };
  }
}

function mayFollow(active: ActivePolicy | undefined, next: ActivePolicy): boolean {
  if (active === undefined || next.epoch > active.epoch) return true;
  return next.epoch === active.epoch && Number(next.position[KIND]) >= Number(active.position[KIND]);
}

const replica = fc.nat(REPLICAS - 1);
const sidecar = fc.nat(SIDECARS - 1);
const rarely = fc.nat(19).map((value) => value === 0);
const ofSidecar = <K extends "push" | "take" | "ack" | "confirm">(kind: K) =>
  fc.record({ kind: fc.constant(kind), sidecar });
const ofReplica = <K extends "report" | "deliver" | "keepUp" | "suspend" | "bury" | "revive" | "lead">(
  kind: K,
) => fc.record({ kind: fc.constant(kind), replica });
const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("change" as const), content: fc.nat(1), raiseEpoch: rarely }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("publish" as const),
      replica,
      upTo: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("connect" as const), sidecar, replica }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("leave" as const),
      sidecar,
      how: fc.constantFrom("goodbye" as const, "lost" as const, "unnoticed" as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("notice" as const), sidecar }) },
  { weight: 2, arbitrary: ofSidecar("push") },
  { weight: 2, arbitrary: ofSidecar("take") },
  { weight: 5, arbitrary: ofSidecar("ack") },
  { weight: 3, arbitrary: ofSidecar("confirm") },
  { weight: 6, arbitrary: ofReplica("report") },
  { weight: 8, arbitrary: ofReplica("deliver") },
  { weight: 10, arbitrary: ofReplica("keepUp") },
  { weight: 1, arbitrary: ofReplica("suspend") },
  { weight: 1, arbitrary: ofReplica("bury") },
  { weight: 1, arbitrary: ofReplica("revive") },
  { weight: 1, arbitrary: ofReplica("lead") },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("pass" as const), ms: fc.integer({ min: 1, max: 6_000 }) }),
  },
);

test("what is said to be effective holds wherever decisions are made, and it is said within the bound", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 20, maxLength: 150, size: "max" }), async (events) => {
      const play = new Play();
      for (const one of events) await play.run(one);
      await play.settle();
    }),
    { numRuns: 2_000 },
  );
}, 120_000);
