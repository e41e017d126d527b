import { afterAll, describe, expect, test } from "vitest";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import type { GoldenCase, GoldenRequest, GoldenResult, GoldenWorld } from "./golden-case.ts";

/** Something that decides: the engine, the oracle, a sidecar over the wire. */
export interface Evaluator {
  readonly name: string;
  /** Takes the objects of a domain, as a folder of manifests declares them: default roles are given by the evaluator. */
  load(objects: readonly SidegateObject[]): Promise<LoadedWorld>;
}

export interface LoadedWorld {
  /** @param now milliseconds since 1970 */
  decide(request: GoldenRequest, now: number): Promise<GoldenResult>;
  close(): Promise<void>;
}

/** Makes a test of each case, and one of each world with its objects in reverse order. */
export function runGolden(evaluator: Evaluator, worlds: readonly GoldenWorld[]): void {
  const loaded = new Map<readonly SidegateObject[], Promise<LoadedWorld>>();
  const load = (objects: readonly SidegateObject[]) => {
    let world = loaded.get(objects);
    if (world === undefined) loaded.set(objects, (world = evaluator.load(objects)));
    return world;
  };
  afterAll(async () => {
    for (const world of loaded.values()) await (await world).close();
  });

  for (const world of worlds) {
    describe(`${evaluator.name}: ${world.file}, ${world.title}`, () => {
      for (const entry of world.cases) {
        test(entry.name, async () => {
          const { decide } = await load(entry.objects);
          expect(await decide(entry.request, entry.now)).toEqual(entry.want);
        });
      }
      test("the same with the objects in reverse order", async () => {
        const reversed = await loadReversed(evaluator, world.cases);
        for (const { name, objects, request, now, want } of world.cases) {
          const { decide } = reversed.get(objects) as LoadedWorld;
          expect({ name, result: await decide(request, now) }).toEqual({ name, result: want });
        }
        for (const each of reversed.values()) await each.close();
      });
    });
  }
}

async function loadReversed(evaluator: Evaluator, cases: readonly GoldenCase[]) {
  const reversed = new Map<readonly SidegateObject[], LoadedWorld>();
  for (const { objects } of cases) {
    if (!reversed.has(objects)) reversed.set(objects, await evaluator.load(objects.toReversed()));
  }
  return reversed;
}
