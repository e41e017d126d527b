import type { Policies, Sides } from "../../engine/admission/judge-breaches.ts";
import type { CompiledPolicy } from "../../engine/compile/compiled-policy.ts";
import { ChangedWorld } from "../../engine/model/changed-world.ts";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import type { ReadObjects } from "../domain.ts";
import type { LoadedPolicies } from "./loaded-policies.ts";
import type { ReviewedWrite } from "./reviewed-write.ts";

/**
 * The domain before and after a write, as read. What is stored counts as it was sent with the review, whether this replica has
 * seen it or not.
 */
export function sidesOf(
  read: ReadObjects,
  policies: Pick<LoadedPolicies, "load" | "loadBeside">,
  { kind, name, old, object }: ReviewedWrite,
): Sides {
  const isSeen = () => read.world.get(kind, name)?.metadata.resourceVersion === old?.metadata.resourceVersion;
  const effect = afterwards(old, object);
  const stored = (): Supposed =>
    isSeen()
      ? { compiled: read.compile(), isStored: true }
      : { compiled: read.compileWith(kind, name, old), isStored: false };
  const load = ({ compiled, isStored }: Supposed) =>
    isStored ? policies.load(compiled) : policies.loadBeside(compiled);
  let both: Policies | undefined;
  return {
    before: isSeen() ? read.world : new ChangedWorld(read.world, kind, name, old),
    after: new ChangedWorld(read.world, kind, name, effect),
    policyBefore: once(() => load(stored())),
    *policies() {
      if (both !== undefined) return both;
      // What was not compiled yet is compiled ahead, so that little is left for the turn in which both are.
      read.compile();
      yield undefined;
      const [old, made] = [stored(), read.compileWith(kind, name, effect)];
      yield undefined;
      const before = load(old);
      yield undefined;
      both = { before, after: policies.loadBeside(made) };
      yield undefined;
      return both;
    },
  };
}

/** A policy to judge by, and whether the objects are stored that it is made of. */
interface Supposed {
  readonly compiled: CompiledPolicy;
  readonly isStored: boolean;
}

/** What a write leaves: a role that is deleted goes on while it is in use, anything else counts no more. */
function afterwards(
  old: SidegateObject | undefined,
  object: SidegateObject | undefined,
): SidegateObject | undefined {
  if (object !== undefined || old?.kind !== "AccessRole") return object;
  return { ...old, metadata: { ...old.metadata, deletionTimestamp: "1970-01-01T00:00:00Z" } };
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
