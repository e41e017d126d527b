import { afterAll, describe, expect, test } from "vitest";
import type { CaseRequest, CaseResult, CaseWorld } from "../../cli/cases/case-world.ts";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";

/** Something that decides: the engine, the oracle, a sidecar over the wire. */
export interface Evaluator {
  readonly name: string;
  /** Takes the objects of a domain, as a folder of manifests declares them: default roles are given by the evaluator. */
  load(objects: readonly SidegateObject[]): Promise<LoadedWorld>;
}

interface LoadedWorld {
  /** @param now milliseconds since 1970 */
  decide(request: CaseRequest, now: number): Promise<CaseResult>;
  close(): Promise<void>;
}

/** Makes a test of each case. */
export function runGolden(evaluator: Evaluator, worlds: readonly CaseWorld[]): void {
  const worldOf = loadOnce(evaluator);
  for (const { file, title, cases } of worlds) {
    if (cases.length === 0) continue;
    describe(`${evaluator.name}: ${file}, ${title}`, () => {
      for (const { name, objects, request, now, want } of cases) {
        test(name, async () => {
          const { decide } = await worldOf(objects);
          expect(await decide(request, now)).toEqual(want);
        });
      }
    });
  }
}

/** Makes a test of each world, with its objects in reverse order: no order is meant. */
export function runReversed(evaluator: Evaluator, worlds: readonly CaseWorld[]): void {
  const worldOf = loadOnce({ ...evaluator, load: (objects) => evaluator.load(objects.toReversed()) });
  describe(`${evaluator.name}, with the objects in reverse order`, () => {
    for (const { file, title, cases } of worlds) {
      test(`${file}, ${title}`, async () => {
        for (const { name, objects, request, now, want } of cases) {
          const { decide } = await worldOf(objects);
          expect({ name, result: await decide(request, now) }).toEqual({ name, result: want });
        }
      });
    }
  });
}

/** Loads each world when it is asked for first, and closes all at the end. */
function loadOnce(evaluator: Evaluator): (objects: readonly SidegateObject[]) => Promise<LoadedWorld> {
  const loaded = new Map<readonly SidegateObject[], Promise<LoadedWorld>>();
  afterAll(async () => {
    for (const world of loaded.values()) await (await world).close();
  });
  return (objects) => {
    let world = loaded.get(objects);
    if (world === undefined) loaded.set(objects, (world = evaluator.load(objects)));
    return world;
  };
}
