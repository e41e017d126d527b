import type { CompiledPolicy } from "../engine/compile/compiled-policy.ts";
import { DomainCompiler } from "../engine/compile/domain-compiler.ts";
import { Policy } from "../engine/policy/policy.ts";
import { generateWorld } from "./generate-world.ts";
import { DOMAIN, type WorldSize } from "./world-plan.ts";

/** A compiler that has been given a generated domain. */
export function compileWorld(size: WorldSize): DomainCompiler {
  const compiler = new DomainCompiler(DOMAIN);
  for (const object of generateWorld(size)) compiler.put(object);
  return compiler;
}

/** Loads a compiled policy as a sidecar does. */
export function loadPolicy(compiled: CompiledPolicy, previous?: Policy): Policy {
  const bytes = new Map(compiled.shards.map((shard) => [shard.hash, shard.bytes]));
  return Policy.load(compiled, (hash) => bytes.get(hash) as Uint8Array, previous);
}
