import { beforeEach, describe, expect, test } from "vitest";
import { DomainCompiler } from "../../engine/compile/domain-compiler.ts";
import type { Kind, SidegateObject } from "../../engine/model/objects.generated.ts";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { anObject, going } from "../../test/support/objects.ts";
import { silent } from "../../test/support/silent-logger.ts";
import { createPolicyBook, type PolicyBook } from "../policy-book.ts";
import { Guard } from "./guard.ts";

const PEOPLE = Array.from({ length: 40 }, (_, index) => `user-${index}`);
const URGENT = { annotations: { "sidegate.dev/urgent": "true" } };

const membership = (name: string) =>
  anObject("Membership", name, { organization: "acme", subject: { kind: "User", name } });
const binding = (name: string, metadata: object = {}) =>
  anObject(
    "AccessRoleBinding",
    name,
    {
      role: "viewer",
      subjects: [{ kind: "User", name }],
      scope: { kind: "Organization", name: "acme" },
    },
    metadata,
  );
const settings = (maxRevokedPercent: number | undefined, annotations: object = {}, status?: object) =>
  ({
    ...anObject(
      "AccessDomain",
      "default",
      maxRevokedPercent === undefined ? {} : { guard: { maxRevokedPercent } },
      { annotations },
    ),
    ...(status && { status }),
  }) as SidegateObject;
const role = anObject("AccessRole", "viewer", {
  assignableAt: ["Organization"],
  rules: [{ resources: ["membership"], verbs: ["create"] }],
});
const company = [role, anObject("Organization", "acme", {}), ...PEOPLE.map(membership)];

/** One domain with a guard, changed by hand. */
class Fixture {
  readonly clock = new ManualClock();
  readonly book: PolicyBook = createPolicyBook();
  readonly changes: string[] = [];
  readonly guard: Guard;
  isLeader = true;
  isTerminating = false;
  readonly #compiler = new DomainCompiler("shop");
  #version = 0;

  constructor() {
    this.guard = new Guard({
      book: this.book,
      clock: this.clock,
      logger: silent,
      worldOf: () => this.#compiler.world,
      isLeader: () => this.isLeader,
      isTerminating: async () => this.isTerminating,
    });
    this.guard.subscribe((domain) => void this.changes.push(domain));
  }

  put(...objects: SidegateObject[]): this {
    for (const after of objects) {
      const { kind, metadata } = after;
      const before = this.#compiler.world.get(kind, metadata.name);
      this.#compiler.put(after);
      this.guard.changed({ domain: "shop", kind, name: metadata.name, before, after, isContent: true });
    }
    return this;
  }

  remove(kind: Kind, ...names: string[]): this {
    for (const name of names) {
      const before = this.#compiler.world.get(kind, name);
      this.#compiler.remove(kind, name);
      this.guard.changed({ domain: "shop", kind, name, before, after: undefined, isContent: true });
    }
    return this;
  }

  /** Compiles and publishes; answers the revision that was compiled. */
  publish(): string {
    this.#version++;
    const policy = this.#compiler.compile({ AccessRoleBinding: String(this.#version) });
    this.guard.publish(policy);
    return policy.revision;
  }

  get inBook() {
    return this.book.current("shop");
  }

  get hold() {
    return this.guard.holdOf("shop");
  }
}

const first = (count: number) => PEOPLE.slice(0, count);

let fixture: Fixture;
let initial: string;

beforeEach(() => {
  fixture = new Fixture();
  initial = fixture.put(settings(50), ...company, ...PEOPLE.map((name) => binding(name))).publish();
});

describe("a domain without a guard", () => {
  test("passes everything", () => {
    fixture.put(settings(undefined)).publish();
    const revision = fixture.remove("AccessRoleBinding", ...PEOPLE).publish();
    expect(fixture.inBook?.revision).toBe(revision);
  });
});

describe("a guarded domain", () => {
  test("passes what takes away no more than the share", () => {
    const revision = fixture.remove("AccessRoleBinding", ...first(20)).publish();
    expect(fixture.inBook?.revision).toBe(revision);
    expect(fixture.hold).toBeUndefined();
  });

  test("holds what takes away more, with the numbers, and keeps policy and position", () => {
    const revision = fixture.remove("AccessRoleBinding", ...first(21)).publish();
    expect(fixture.hold).toMatchObject({ revision, total: 40, revoked: 21, maxRevokedPercent: 50 });
    expect(fixture.inBook).toMatchObject({ revision: initial, position: { AccessRoleBinding: "1" } });
    expect(fixture.changes).toEqual(["shop"]);
  });

  test("adds up what is taken away within a minute", () => {
    fixture.remove("AccessRoleBinding", ...first(15)).publish();
    fixture.remove("AccessRoleBinding", ...PEOPLE.slice(15, 30)).publish();
    expect(fixture.hold).toMatchObject({ revoked: 30 });
  });

  test("does not add up what is further apart", async () => {
    fixture.remove("AccessRoleBinding", ...first(15)).publish();
    await fixture.clock.advance(61_000);
    const revision = fixture.remove("AccessRoleBinding", ...PEOPLE.slice(15, 25)).publish();
    expect(fixture.inBook?.revision).toBe(revision);
  });

  test("passes single changes of a domain with few grants", () => {
    fixture
      .put(settings(undefined))
      .remove("AccessRoleBinding", ...PEOPLE.slice(20))
      .publish();
    fixture.put(settings(10)).publish();
    const revision = fixture.remove("AccessRoleBinding", ...first(10)).publish();
    expect(fixture.inBook?.revision).toBe(revision);
  });

  test("still holds when the guard is taken away together with the grants", () => {
    fixture
      .remove("AccessDomain", "default")
      .remove("AccessRoleBinding", ...PEOPLE)
      .publish();
    expect(fixture.hold).toMatchObject({ revoked: 40 });
    expect(fixture.inBook?.revision).toBe(initial);
  });
});

describe("a held domain", () => {
  let held: string;

  beforeEach(() => {
    held = fixture.remove("AccessRoleBinding", ...first(30)).publish();
  });

  test("is given nothing new", () => {
    fixture.put(binding("newcomer"), membership("newcomer")).publish();
    expect(fixture.inBook?.revision).toBe(initial);
    expect(fixture.hold?.revision).not.toBe(held);
  });

  test("stays held when positions alone move on", () => {
    fixture.publish();
    expect(fixture.inBook).toMatchObject({ revision: initial, position: { AccessRoleBinding: "1" } });
  });

  test("is released by the first characters of the held revision", () => {
    fixture.put(settings(50, { "sidegate.dev/release-held": held.slice(0, 12) })).publish();
    expect(fixture.inBook?.revision).toBe(held);
    expect(fixture.hold).toBeUndefined();
  });

  test.each([
    ["too few characters of it", () => held.slice(0, 11)],
    ["the revision in use", () => initial],
    ["a word", () => "true"],
  ])("is not released by %s", (_name, value) => {
    fixture.put(settings(50, { "sidegate.dev/release-held": value() })).publish();
    expect(fixture.hold).toBeDefined();
  });

  test("is not released for what came after the annotation was written", () => {
    fixture.put(settings(50, { "sidegate.dev/release-held": held }));
    fixture.remove("AccessRoleBinding", "user-39").publish();
    expect(fixture.inBook?.revision).toBe(initial);
  });

  test("holds what is too much again after a release", async () => {
    fixture.put(settings(50, { "sidegate.dev/release-held": held })).publish();
    fixture.put(...first(30).map((name) => binding(name))).publish();
    await fixture.clock.advance(61_000);
    fixture.remove("AccessRoleBinding", ...first(25)).publish();
    expect(fixture.hold).toMatchObject({ revoked: 25 });
  });

  test("is open again when the changes are taken back", () => {
    const revision = fixture.put(...first(30).map((name) => binding(name))).publish();
    expect(revision).toBe(initial);
    expect(fixture.hold).toBeUndefined();
    expect(fixture.inBook?.position).toEqual({ AccessRoleBinding: "3" });
  });

  test("is open again when so much comes back that the rest is not too much", () => {
    const revision = fixture.put(...first(15).map((name) => binding(name))).publish();
    expect(fixture.inBook?.revision).toBe(revision);
  });

  test("is open again when its namespace is being deleted", async () => {
    const going = new Fixture();
    going.isTerminating = true;
    going.put(settings(50), ...company, ...PEOPLE.map((name) => binding(name))).publish();
    const revision = going.remove("AccessRoleBinding", ...PEOPLE).publish();
    await going.clock.advance(0);
    expect(going.inBook?.revision).toBe(revision);
  });

  test.each([
    ["deleted", () => fixture.put(binding("user-39", URGENT)).remove("AccessRoleBinding", "user-39")],
    ["marked for deletion", () => fixture.put(binding("user-39", { ...URGENT, ...going }))],
  ])("goes on without an object that is %s as urgent, and with everything else", (_name, change) => {
    change();
    fixture.put(binding("newcomer"), membership("newcomer")).publish();
    const reference = new DomainCompiler("shop");
    for (const object of [settings(50), ...company]) reference.put(object);
    for (const name of PEOPLE.slice(0, 39)) reference.put(binding(name));
    expect(fixture.inBook?.revision).toBe(reference.compile({}).revision);
    expect(fixture.inBook?.position).toEqual({ AccessRoleBinding: "1" });
    expect(fixture.hold?.released.revision).toBe(fixture.inBook?.revision);
    expect(fixture.inBook?.besides).toEqual(new Set(["AccessRoleBinding/user-39"]));
  });

  test("is open again when all that it would take away was deleted as urgent", () => {
    for (const name of first(30)) fixture.put(binding(name, URGENT)).remove("AccessRoleBinding", name);
    const revision = fixture.publish();
    expect(fixture.inBook?.revision).toBe(revision);
  });
});

describe("a replica that does not lead", () => {
  test("lets go of what the leader does not hold", async () => {
    fixture.isLeader = false;
    const revision = fixture.remove("AccessRoleBinding", ...PEOPLE).publish();
    expect(fixture.hold).toBeDefined();
    await fixture.clock.advance(30_000);
    expect(fixture.inBook?.revision).toBe(revision);
  });

  test("keeps holding what the leader holds", async () => {
    fixture.isLeader = false;
    const revision = fixture.remove("AccessRoleBinding", ...PEOPLE).publish();
    fixture.put(settings(50, {}, { held: { ...fixture.hold, revision } }));
    await fixture.clock.advance(30_000);
    expect(fixture.inBook?.revision).toBe(initial);
  });
});

describe("a process that starts while a policy is held", () => {
  const released = { revision: "a".repeat(64), epoch: 0, position: { AccessRoleBinding: "7" } };
  const held = (revision: string) => ({
    held: { revision, total: 40, revoked: 40, maxRevokedPercent: 50, released },
  });
  let restarted: Fixture;

  beforeEach(() => {
    restarted = new Fixture().put(settings(50, {}, held("b".repeat(64))), ...company);
    restarted.publish();
  });

  test("confirms the policy in use without knowing it", () => {
    expect(restarted.inBook).toEqual({ domain: "shop", ...released, shards: [], isConfirmedOnly: true });
    expect(restarted.hold).toMatchObject({ isInherited: true });
  });

  test("names what its own objects make, for the release", () => {
    const revision = restarted.publish();
    expect(restarted.hold?.revision).toBe(revision);
    restarted.put(settings(50, { "sidegate.dev/release-held": revision })).publish();
    expect(restarted.inBook?.revision).toBe(revision);
  });

  test("holds nothing where the epoch was raised", () => {
    const raised = new Fixture();
    const domain = settings(50, {}, held("b".repeat(64)));
    const revision = raised
      .put({ ...domain, spec: { ...domain.spec, epoch: 1 } } as SidegateObject)
      .publish();
    expect(raised.inBook?.revision).toBe(revision);
  });
});
