import fc from "fast-check";
import { expect, test } from "vitest";
import type { CompiledPolicy } from "../../../engine/compile/compiled-policy.ts";
import { hasReached } from "../../../engine/model/position.ts";
import { compiledPolicy } from "../../../test/support/policies.ts";
import { defaultDeliverySettings } from "../settings.ts";
import { DomainPush, type Step } from "./domain-push.ts";
import type { Reply } from "./judge-reply.ts";

/**
 * Everything that may happen between an operator and one sidecar, in any order. The sidecar of this test keeps to its
 * side of the protocol and fails the test where the operator does not keep to its own.
 */
type Event =
  | { readonly kind: "publish"; readonly contents: readonly number[]; readonly raiseEpoch: boolean }
  | { readonly kind: "write"; readonly steps: number }
  | { readonly kind: "read"; readonly steps: number; readonly refuse: boolean }
  | { readonly kind: "answer" }
  | { readonly kind: "finish" }
  | { readonly kind: "strayAck"; readonly back: number }
  | { readonly kind: "reconnect"; readonly lag: number }
  | { readonly kind: "pass"; readonly ms: number };

const rarely = fc.nat(9).map((value) => value === 0);
const upTo = (max: number) => fc.integer({ min: 1, max });
const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({
    kind: fc.constant("publish" as const),
    contents: fc.array(fc.nat(2), { minLength: 4, maxLength: 4 }),
    raiseEpoch: rarely,
  }),
  fc.record({ kind: fc.constant("write" as const), steps: upTo(8) }),
  fc.record({ kind: fc.constant("read" as const), steps: upTo(8), refuse: rarely }),
  fc.record({ kind: fc.constant("answer" as const) }),
  fc.record({ kind: fc.constant("finish" as const) }),
  fc.record({ kind: fc.constant("strayAck" as const), back: fc.nat(5) }),
  fc.record({ kind: fc.constant("reconnect" as const), lag: fc.nat(3) }),
  fc.record({ kind: fc.constant("pass" as const), ms: upTo(70_000) }),
);

const ids = ["model", "organization/a", "organization/b", "platform"];
/** The first takes two chunks. */
const contents = [0, 1, 2].map((value) => Buffer.alloc(value === 0 ? 300 * 1024 : 10, value));

class Play {
  readonly #published: CompiledPolicy[] = [];
  #view: CompiledPolicy | undefined;
  #push = new DomainPush("shop", undefined, new Set(), defaultDeliverySettings);
  #now = 0;
  /** What the sidecar decides by, holds for the next policy, and has said that it holds. */
  #active: CompiledPolicy | undefined;
  readonly #staged = new Set<string>();
  readonly #announced = new Set<string>();
  #received = 0;
  /** On the wire. */
  #down: Step[] = [];
  #up: Reply[] = [];
  #unanswered = false;

  run(happening: Event): void {
    switch (happening.kind) {
      case "publish":
        this.#publish(happening.contents, happening.raiseEpoch);
        break;
      case "write":
        this.#write(happening.steps);
        break;
      case "read":
        this.#read(happening.steps, happening.refuse);
        break;
      case "answer":
        this.#answer();
        break;
      case "finish":
        this.#finish();
        break;
      case "strayAck":
        this.#strayAck(happening.back);
        break;
      case "reconnect":
        this.#reconnect(happening.lag);
        break;
      case "pass":
        this.#now += happening.ms;
    }
  }

  /** Lets everything settle: then the sidecar must have what is current. */
  settle(): void {
    if (this.#published.length === 0) return;
    this.#view = this.#published.at(-1);
    for (let round = 0; round < 4; round++) {
      this.#finish();
      this.#now += 60_000;
    }
    expect(this.#active?.revision).toBe(this.#view?.revision);
    expect(this.#active?.position).toEqual(this.#view?.position);
    expect(this.#active?.epoch).toBe(this.#view?.epoch);
    expect(this.#push.lackingSince).toBeUndefined();
  }

  /** Everything that is due arrives and is answered. */
  #finish(): void {
    this.#write(1_000);
    this.#read(1_000, false);
    while (this.#up.length > 0) this.#answer();
  }

  #publish(picks: readonly number[], raiseEpoch: boolean): void {
    const last = this.#published.at(-1);
    const epoch = (last?.epoch ?? 0) + (raiseEpoch ? 1 : 0);
    const version = raiseEpoch ? 1 : Number(last?.position.AccessRole ?? 0) + 1;
    const shards = Object.fromEntries(ids.map((id, index) => [id, contents[picks[index] ?? 0] ?? ""]));
    this.#published.push(compiledPolicy({ shards, epoch, position: { AccessRole: String(version) } }));
    this.#view = this.#published.at(-1);
    this.#push.observe(this.#view, this.#instant());
  }

  #write(steps: number): void {
    for (let count = 0; count < steps; count++) {
      const step = this.#push.next(this.#view, this.#instant());
      if (step.kind === "wait") {
        expect(step.until).toBeGreaterThan(this.#now);
        return;
      }
      // One push at a time, and nothing else while it is unanswered.
      expect(this.#unanswered).toBe(false);
      if (step.kind === "commit") this.#unanswered = true;
      this.#down.push(step);
    }
  }

  #read(steps: number, refuse: boolean): void {
    for (const step of this.#down.splice(0, steps)) {
      if (step.kind === "chunk") this.#readChunk(step);
      if (step.kind === "commit") this.#readCommit(step.policy, refuse);
      if (step.kind === "progress") {
        expect(step.policy.revision).toBe(this.#active?.revision);
        this.#activate(step.policy);
      }
      if (step.kind === "behind") expect(this.#mayFollow(step.policy)).toBe(false);
    }
  }

  #readChunk({ shard, start, end }: Extract<Step, { kind: "chunk" }>): void {
    const held =
      this.#active?.shards.some(({ hash }) => hash === shard.hash) || this.#announced.has(shard.hash);
    expect(held).toBe(false);
    expect(start).toBe(this.#received);
    expect(end - start).toBeLessThanOrEqual(256 * 1024);
    this.#received = end === shard.bytes.length ? 0 : end;
    if (this.#received === 0) this.#staged.add(shard.hash);
  }

  #readCommit(policy: CompiledPolicy, refuse: boolean): void {
    const { revision } = policy;
    if (refuse) {
      for (const hash of this.#staged) if (!this.#announced.has(hash)) this.#staged.delete(hash);
      this.#up.push({ revision, refusal: { code: "SG2007", message: "" } });
      return;
    }
    const held = new Set([...this.#staged, ...(this.#active?.shards ?? []).map(({ hash }) => hash)]);
    for (const { hash } of policy.shards) expect(held).toContain(hash);
    this.#activate(policy);
    this.#staged.clear();
    this.#announced.clear();
    this.#up.push({ revision });
  }

  #activate(policy: CompiledPolicy): void {
    expect(this.#mayFollow(policy)).toBe(true);
    this.#active = policy;
  }

  #mayFollow({ epoch, position }: CompiledPolicy): boolean {
    if (this.#active === undefined || epoch > this.#active.epoch) return true;
    return epoch === this.#active.epoch && hasReached(position, this.#active.position);
  }

  #answer(): void {
    const reply = this.#up.shift();
    if (reply === undefined) return;
    expect(this.#push.reply(reply, this.#view, this.#instant())).not.toBe("stale");
    this.#unanswered = false;
  }

  #strayAck(back: number): void {
    const revision = this.#published.at(-1 - back)?.revision ?? "";
    if (this.#unanswered && revision === this.#push.outstanding) return;
    const before = [this.#push.active, this.#push.outstanding];
    expect(this.#push.reply({ revision }, this.#view, this.#instant())).toBe("stale");
    expect([this.#push.active, this.#push.outstanding]).toEqual(before);
  }

  /** The stream breaks at any point; the sidecar turns to a replica that may lag. */
  #reconnect(lag: number): void {
    this.#down = [];
    this.#up = [];
    this.#unanswered = false;
    this.#received = 0;
    this.#view = this.#published.at(-1 - lag) ?? this.#published[0];
    for (const hash of this.#staged) this.#announced.add(hash);
    const held = new Set([...this.#announced, ...(this.#active?.shards ?? []).map(({ hash }) => hash)]);
    this.#push = new DomainPush("shop", this.#active, held, defaultDeliverySettings);
    this.#push.observe(this.#view, this.#instant());
  }

  #instant() {
    return { now: this.#now, wall: this.#now + 1_000_000 };
  }
}

test("whatever happens, the sidecar gets every policy whole, never goes back and ends with the newest", () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 50, size: "max" }), (happenings) => {
      const play = new Play();
      for (const happening of happenings) play.run(happening);
      play.settle();
    }),
    { numRuns: 1_000 },
  );
});
