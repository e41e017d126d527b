import { isDeepStrictEqual } from "node:util";
import fc, { type Arbitrary } from "fast-check";
import type { CompiledPolicy } from "../../engine/compile/compiled-policy.ts";
import { DomainCompiler } from "../../engine/compile/domain-compiler.ts";
import { findProblems } from "../../engine/diagnose/diagnose.ts";
import { ChangedWorld } from "../../engine/model/changed-world.ts";
import { kinds, type SidegateObject } from "../../engine/model/objects.generated.ts";
import { World } from "../../engine/model/world.ts";
import { loadCompiled } from "../../engine/policy/load-compiled.ts";
import { Policy, verifyShard } from "../../engine/policy/policy.ts";
import { Shard } from "../../proto/generated/shard.js";
import { DOMAIN } from "../worlds/build.ts";
import { now } from "../worlds/instants.ts";
import { worldWithRequests } from "../worlds/requests.ts";
import { anyObject, keyOf, withoutNamesakes, world } from "../worlds/world.ts";
import { compile, engineOf } from "./engine.ts";
import { type Law, law } from "./law.ts";
import { showCase } from "./show-case.ts";

/** Some changes between two compilations: objects to put, or to remove by their kinds and names. */
const step = fc.array(fc.record({ verb: fc.constantFrom("put", "remove"), object: anyObject }), {
  minLength: 1,
  maxLength: 3,
});

/** Laws of compiling, of the bytes in between and of loading. */
export const compileLaws: readonly Law[] = [
  law(
    "the order of objects does not matter",
    1500,
    fc.property(
      world.chain((objects) => fc.tuple(fc.constant(objects), shuffled(objects))),
      ([objects, other]) => {
        const differences = differing(compile(objects), compile(other));
        if (differences.length === 0) return;
        throw new Error(showCase(objects, { other: other.map(keyOf), differences }));
      },
    ),
  ),
  law(
    "compiling what changed gives what compiling everything gives",
    1500,
    fc.property(world, fc.array(step, { minLength: 1, maxLength: 12 }), (objects, steps) => {
      const compiler = new DomainCompiler(DOMAIN);
      const current = new Map(objects.map((object) => [keyOf(object), object]));
      for (const object of objects) compiler.put(object);
      compiler.compile({});
      for (const step of steps) {
        for (const { verb, object } of step) {
          if (verb === "put") {
            compiler.put(object);
            current.set(keyOf(object), object);
          } else {
            compiler.remove(object.kind, object.metadata.name);
            current.delete(keyOf(object));
          }
        }
        const differences = differing(compiler.compile({}), compile([...current.values()]));
        if (differences.length > 0) throw new Error(showCase(objects, { steps, differences }));
      }
    }),
  ),
  law(
    "compiling with a change gives what compiling after it gives, and leaves no trace",
    1500,
    fc.property(
      world,
      fc.array(step, { maxLength: 3 }),
      anyObject,
      fc.boolean(),
      (objects, steps, object, isThere) => {
        const compiler = new DomainCompiler(DOMAIN);
        for (const each of objects) compiler.put(each);
        compiler.compile({});
        for (const each of steps.flat()) {
          if (each.verb === "put") compiler.put(each.object);
          else compiler.remove(each.object.kind, each.object.metadata.name);
        }
        const { kind, metadata } = object;
        const changed = isThere ? object : undefined;
        const supposed = compiler.compileWith(kind, metadata.name, changed, {});
        const worlds = new ChangedWorld(compiler.world, kind, metadata.name, changed);
        const problems = problemsIn(worlds);
        const now = compiler.compile({});
        const rest = kinds.flatMap((each): SidegateObject[] => [...compiler.world.list(each)]);
        const others = rest.filter((each) => keyOf(each) !== keyOf(object));
        const made = worldOf(isThere ? [...others, object] : others);
        const differences = [
          ...differing(supposed, compile(isThere ? [...others, object] : others)),
          ...differing(now, compile(rest)).map((id) => `left in ${id}`),
          ...(isDeepStrictEqual(problems, problemsIn(made)) ? [] : ["problems"]),
        ];
        if (differences.length > 0)
          throw new Error(showCase(objects, { steps, object, isThere, differences }));
      },
    ),
  ),
  law(
    "decoding and encoding a shard gives the same bytes",
    1000,
    fc.property(world, (objects) => {
      for (const { id, hash, bytes } of compile(objects).shards) {
        verifyShard(hash, bytes);
        if (Buffer.compare(Shard.encode(Shard.decode(bytes)).finish(), bytes) === 0) continue;
        throw new Error(showCase(objects, { shard: id }));
      }
    }),
  ),
  law(
    "a policy that shares shards with its predecessor decides as one loaded from nothing",
    1500,
    fc.property(
      worldWithRequests(world, 6),
      fc.array(anyObject, { maxLength: 5 }),
      now,
      (next, changed, instant) => {
        const { objects, requests } = next;
        const before = withoutNamesakes([...objects, ...changed]);
        const previous = loadCompiled(compile(before));
        const compiled = compile(objects);
        const shared = Policy.load(compiled, (hash) => bytesOf(compiled, previous, hash), previous);
        const moved = shared.withPosition({ Organization: "7" }, 3);
        const evaluators = [loadCompiled(compiled), shared, moved].map(engineOf);
        for (const request of requests) {
          const [fresh, ...others] = evaluators.map((evaluator) => evaluator.decide(request, instant));
          if (others.every((other) => isDeepStrictEqual(other, fresh))) continue;
          throw new Error(showCase(objects, { changed, request, now: new Date(instant), fresh, others }));
        }
      },
    ),
  ),
];

function worldOf(objects: readonly SidegateObject[]): World {
  const made = new World(DOMAIN);
  for (const object of objects) made.put(object);
  return made;
}

/** What there is to say of all objects, by key. */
function problemsIn(of: World): unknown {
  const objects = kinds.flatMap((kind): SidegateObject[] => [...of.list(kind)]);
  const found = objects.map((object) => [keyOf(object), findProblems(of, object)] as const);
  return new Map(found.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function shuffled<T>(list: readonly T[]): Arbitrary<T[]> {
  return fc.shuffledSubarray([...list], { minLength: list.length, maxLength: list.length });
}

/** In what two policies differ that should be the same: ids of shards, and more. */
function differing(a: CompiledPolicy, b: CompiledPolicy): string[] {
  const ids = [...new Set([...a.shards, ...b.shards].map(({ id }) => id))];
  const shards = ids.filter((id) => {
    const [one, other] = [a, b].map((policy) => policy.shards.find((shard) => shard.id === id)?.bytes);
    return one === undefined || other === undefined || Buffer.compare(one, other) !== 0;
  });
  return [...shards, ...(["revision", "epoch"] as const).filter((field) => a[field] !== b[field])];
}

/** The bytes of a shard, for which nobody has a reason to ask who holds it already. */
function bytesOf({ shards }: CompiledPolicy, previous: Policy, hash: string): Uint8Array {
  if (previous.hasShard(hash)) throw new Error(`shard ${hash} was asked for although it is held`);
  return shards.find((shard) => shard.hash === hash)!.bytes;
}
