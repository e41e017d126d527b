import { describe, expect, test } from "vitest";
import { DomainCompiler } from "../../engine/compile/domain-compiler.ts";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import type { Position } from "../../engine/model/position.ts";
import { corpus } from "./corpus.ts";

// Section 13: "A policy has a revision, the hash of its content (the same objects give the same revision on every replica)".

const worlds = corpus.filter(({ isValid }) => isValid);

describe("The revision of a policy", () => {
  test("is the same whatever the order of the objects", () => {
    for (const { file, title, objects } of worlds) {
      const place = `${file}, ${title}`;
      expect([place, compile(objects.toReversed())]).toEqual([place, compile(objects)]);
    }
  });

  test("is the same whatever was there before", () => {
    const [first, ...others] = worlds.map(({ objects }) => objects);
    const compiler = new DomainCompiler("golden");
    let before = first as readonly SidegateObject[];
    for (const object of before) compiler.put(object);
    for (const objects of others) {
      for (const { kind, metadata } of before) compiler.remove(kind, metadata.name);
      for (const object of objects) compiler.put(object);
      expect(compiler.compile({}).revision).toBe(compile(objects).revision);
      before = objects;
    }
  });

  test("does not hang on what Kubernetes notes down about the objects", () => {
    for (const { objects } of worlds)
      expect(compile(objects.map(noted)).revision).toBe(compile(objects).revision);
  });

  test("does not hang on the position", () => {
    for (const { objects } of worlds) {
      expect(compile(objects, { AccessRole: "7" }).revision).toBe(compile(objects).revision);
    }
  });

  test("is another one for every change of a case that changes a decision", () => {
    for (const { file, cases, objects } of worlds) {
      for (const entry of cases) {
        const twin = cases.find(
          (other) =>
            other.objects === objects &&
            entry.now === other.now &&
            JSON.stringify(other.request) === JSON.stringify(entry.request),
        );
        if (twin === undefined || JSON.stringify(twin.want) === JSON.stringify(entry.want)) continue;
        const place = `${file}, ${entry.name}`;
        expect([place, compile(entry.objects).revision]).not.toEqual([place, compile(objects).revision]);
      }
    }
  });
});

function compile(objects: readonly SidegateObject[], position: Position = {}) {
  const compiler = new DomainCompiler("golden");
  for (const object of objects) compiler.put(object);
  const { revision, shards } = compiler.compile(position);
  return { revision, shards: shards.map(({ id, hash }) => `${id} ${hash}`) };
}

function noted(object: SidegateObject, index: number): SidegateObject {
  // The generation is content: explanations name it, and it changes only with the spec.
  const metadata = { ...object.metadata, uid: `uid-${index}`, resourceVersion: `${index + 1}` };
  return { ...object, metadata, status: { observedGeneration: 3 } } as SidegateObject;
}
