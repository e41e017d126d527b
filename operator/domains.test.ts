import { pino } from "pino";
import { describe, expect, test } from "vitest";
import { DomainCompiler } from "../engine/compile/domain-compiler.ts";
import type { Organization, SidegateObject } from "../engine/model/objects.generated.ts";
import { ManualClock } from "../test/support/manual-clock.ts";
import { Domains, type ObjectChange } from "./domains.ts";
import { createPolicyBook } from "./policy-book.ts";

const organization = (
  name: string,
  more: Partial<Organization["metadata"]> = {},
  suspended = false,
): Organization => ({
  apiVersion: "sidegate.dev/v1alpha1",
  kind: "Organization",
  metadata: { name, namespace: "shop", uid: `uid-${name}`, generation: 1, ...more },
  spec: { suspended },
});

function setUp() {
  const clock = new ManualClock();
  const book = createPolicyBook();
  const published: { at: number; domain: string; revision: string; position: string | undefined }[] = [];
  const changes: ObjectChange[] = [];
  const compilers: { failWith?: Error | undefined; refuseWith?: Error | undefined } = {};
  let ready = 0;
  book.subscribe((domain) => {
    const policy = book.current(domain);
    const { revision = "none", position } = policy ?? {};
    published.push({ at: clock.now(), domain, revision, position: position?.Organization });
  });
  const domains = new Domains({
    book,
    clock,
    logger: pino({ level: "silent" }),
    onChange: (change) => changes.push(change),
    onReady: () => ready++,
    createCompiler(domain) {
      const compiler = new DomainCompiler(domain);
      return {
        world: compiler.world,
        put(object) {
          if (compilers.refuseWith) throw compilers.refuseWith;
          compiler.put(object);
        },
        remove: (kind, name) => compiler.remove(kind, name),
        compileWith: (...change) => compiler.compileWith(...change),
        compile(position) {
          if (compilers.failWith) throw compilers.failWith;
          return compiler.compile(position);
        },
      };
    },
  });
  return { clock, book, published, changes, domains, compilers, ready: () => ready };
}

/** As `setUp`, with one organization read and published. */
async function setUpSynced() {
  const all = setUp();
  all.domains.put("shop", organization("acme"));
  all.domains.progress("Organization", "5");
  all.domains.synced();
  await all.clock.advance(2000);
  all.published.length = 0;
  return all;
}

describe("starting", () => {
  test("nothing is compiled or told before all kinds were read once", async () => {
    const { domains, clock, published, changes, ready } = setUp();
    domains.put("shop", organization("acme"));
    domains.progress("Organization", "5");
    await clock.advance(10_000);
    expect([published, changes, ready()]).toEqual([[], [], 0]);
    expect(domains.isReady).toBe(false);
  });

  test("then every domain is published before it is ready, and it is ready once", async () => {
    const { domains, clock, published, ready } = setUp();
    domains.put("shop", organization("acme"));
    domains.put("mill", organization("acme"));
    domains.progress("Organization", "5");
    domains.synced();
    domains.synced();
    domains.put("late", organization("acme"));
    expect(domains.isReady).toBe(false);
    await clock.advance(0);
    expect(published.map(({ domain }) => domain).sort()).toEqual(["late", "mill", "shop"]);
    expect(published[0]?.position).toBe("5");
    expect([domains.isReady, ready()]).toEqual([true, 1]);
  });

  test("a source without objects is ready as well", async () => {
    const { domains, clock, ready } = setUp();
    domains.synced();
    await clock.advance(0);
    expect(ready()).toBe(1);
  });
});

describe("changes", () => {
  test("are published together after 25 ms of quiet", async () => {
    const { domains, clock, published } = await setUpSynced();
    const start = clock.now();
    domains.put("shop", organization("globex"));
    await clock.advance(20);
    domains.put("shop", organization("initech"));
    await clock.advance(24);
    expect(published).toEqual([]);
    await clock.advance(1);
    expect(published.map(({ at }) => at - start)).toEqual([45]);
  });

  test("that never pause are published every 250 ms", async () => {
    const { domains, clock, published } = await setUpSynced();
    const start = clock.now();
    for (let i = 0; i < 50; i++) {
      domains.put("shop", organization(`org-${i}`));
      await clock.advance(10);
    }
    expect(published.map(({ at }) => at - start)).toEqual([250, 500]);
  });

  test("of one domain leave the others alone", async () => {
    const { domains, clock, published } = await setUpSynced();
    domains.put("mill", organization("acme"));
    await clock.advance(25);
    expect(published.map(({ domain }) => domain)).toEqual(["mill"]);
  });

  test("a domain whose last object vanished gets an empty policy", async () => {
    const { domains, clock, book } = await setUpSynced();
    const before = book.current("shop");
    domains.remove("shop", "Organization", "acme");
    await clock.advance(25);
    const after = book.current("shop");
    expect(after?.revision).not.toBe(before?.revision);
    expect(after?.shards.map((shard) => shard.id)).not.toContain("organization/acme");
    expect([...book.domains()]).toContain("shop");
  });

  test("a removal of what is not there changes nothing", async () => {
    const { domains, clock, published, changes } = await setUpSynced();
    domains.remove("shop", "Organization", "nobody");
    domains.remove("nowhere", "Organization", "acme");
    await clock.advance(5000);
    expect([published, changes]).toEqual([[], []]);
  });
});

describe("versions that change no decision", () => {
  test("are not compiled, but the world shows the new status", async () => {
    const { domains, clock, published, changes } = await setUpSynced();
    const conditions = [
      {
        type: "Accepted",
        status: "True",
        reason: "Accepted",
        message: "",
        lastTransitionTime: "2026-01-01T00:00:00Z",
      },
    ] as const;
    const newer = {
      ...organization("acme", { resourceVersion: "9", finalizers: ["x"] }),
      status: { conditions },
    };
    domains.put("shop", newer);
    await clock.advance(5000);
    expect(published).toEqual([]);
    const held = domains.worldOf("shop")?.get("Organization", "acme");
    expect(held?.status?.conditions).toEqual(conditions);
    expect(held?.metadata.resourceVersion).toBe("9");
    expect(changes.map(({ isContent }) => isContent)).toEqual([false]);
  });

  test.each<[string, SidegateObject]>([
    ["a new generation", organization("acme", { generation: 2 }, true)],
    ["another object of that name", organization("acme", { uid: "other" })],
    ["a mark for deletion", organization("acme", { deletionTimestamp: "2026-01-01T00:00:00Z" })],
    ["an annotation", organization("acme", { annotations: { a: "b" } })],
    [
      "an owner",
      organization("acme", { ownerReferences: [{ apiVersion: "v1", kind: "A", name: "a", uid: "u" }] }),
    ],
  ])("%s is more than that", async (_name, object) => {
    const { domains, clock, published, changes } = await setUpSynced();
    domains.put("shop", object);
    await clock.advance(25);
    expect(published).toHaveLength(1);
    expect(changes.map(({ isContent }) => isContent)).toEqual([true]);
  });

  test("objects without generation, as from a folder, are always compiled", async () => {
    const { domains, clock, published } = await setUpSynced();
    const { uid: _uid, generation: _generation, ...metadata } = organization("acme").metadata;
    domains.put("shop", { ...organization("acme"), metadata });
    await clock.advance(25);
    expect(published).toHaveLength(1);
  });
});

describe("progress", () => {
  test("without content is published with the same revision, at most once a second", async () => {
    const { domains, clock, book, published } = await setUpSynced();
    const { revision } = book.current("shop") ?? {};
    const start = clock.now();
    for (let i = 0; i < 30; i++) {
      domains.progress("Organization", String(10 + i));
      await clock.advance(100);
    }
    expect(published.map(({ at }) => at - start)).toEqual([25, 1025, 2025]);
    expect(published.at(-1)).toMatchObject({ revision, position: "30" });
  });

  test("is not published ahead of the content that it speaks of", async () => {
    const { domains, clock, published } = await setUpSynced();
    domains.progress("Organization", "9");
    await clock.advance(20);
    domains.put("shop", organization("globex"));
    domains.progress("Organization", "10");
    await clock.advance(10);
    expect(published).toEqual([]);
    await clock.advance(15);
    expect(published.map(({ position }) => position)).toEqual(["10"]);
  });

  test("is not published where compiling failed; there the policy is withdrawn until it succeeds", async () => {
    const { domains, clock, published, compilers } = await setUpSynced();
    compilers.failWith = new Error("defect");
    domains.put("shop", organization("globex"));
    domains.progress("Organization", "20");
    await clock.advance(5000);
    expect(published.map(({ revision }) => revision)).toEqual(["none"]);
    expect([domains.isCurrent("shop"), domains.isFailed("shop")]).toEqual([false, true]);
    compilers.failWith = undefined;
    domains.put("shop", organization("initech"));
    await clock.advance(25);
    expect(published.slice(1).map(({ position }) => position)).toEqual(["20"]);
  });
});

describe("an object that can not be read", () => {
  test("withdraws the policy of its domain until it goes", async () => {
    const { domains, clock, published } = await setUpSynced();
    domains.reject("shop", "AccessRole", "broken", new Error("rules is no list"));
    domains.put("mill", organization("acme"));
    domains.put("shop", organization("globex"));
    domains.progress("Organization", "20");
    await clock.advance(5000);
    expect(published.map(({ domain, revision }) => `${domain} ${revision === "none"}`).sort()).toEqual([
      "mill false",
      "shop true",
    ]);
    domains.remove("shop", "AccessRole", "broken");
    await clock.advance(25);
    expect(published.at(-1)).toMatchObject({ domain: "shop", position: "20" });
  });

  test("keeps its domain without policy at the start, and no other from being ready", async () => {
    const { domains, clock, published, ready } = setUp();
    domains.put("mill", organization("acme"));
    domains.reject("shop", "AccessRole", "broken", new Error("rules is no list"));
    domains.synced();
    await clock.advance(0);
    expect(published.map(({ domain }) => domain)).toEqual(["mill"]);
    expect(ready()).toBe(1);
  });

  test("is what the compiler refuses, too, until it takes a newer version", async () => {
    const { domains, clock, published, compilers } = await setUpSynced();
    compilers.refuseWith = new TypeError("spec is undefined");
    domains.put("shop", organization("globex"));
    await clock.advance(5000);
    expect(published.map(({ revision }) => revision)).toEqual(["none"]);
    compilers.refuseWith = undefined;
    domains.put("shop", organization("globex"));
    await clock.advance(25);
    expect(published).toHaveLength(2);
  });
});

test("a stopped set of domains publishes nothing", async () => {
  const { domains, clock, published } = await setUpSynced();
  domains.put("shop", organization("globex"));
  domains.stop();
  domains.put("shop", organization("initech"));
  domains.progress("Organization", "9");
  await clock.advance(5000);
  expect(published).toEqual([]);
  expect(clock.waiting).toBe(0);
});
