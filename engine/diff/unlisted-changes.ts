import type { SidegateObject } from "../model/objects.generated.ts";
import type { World } from "../model/world.ts";

/** A change that no list of what subjects may do shows. */
export interface UnlistedChange {
  readonly kind: SidegateObject["kind"];
  readonly name: string;
  /** What the change is about, for people. */
  readonly what: string;
  /** Whether it may let anybody do more than before. */
  readonly mayWiden: boolean;
}

/**
 * The changes between two worlds that `diffPolicies` says nothing about: what tokens leave, who may give which role, what
 * must be kept, and how old a policy may become.
 */
export function* unlistedChanges(before: World, after: World): Iterable<UnlistedChange> {
  const about = "what tokens leave of the permissions of their subjects";
  for (const { name, made } of changesOf(before, after, "TokenPolicy", ({ spec }) => spec))
    yield { kind: "TokenPolicy", name, what: about, mayWiden: made !== undefined };
  for (const { name, made } of changesOf(before, after, "AccessRole", ({ spec }) => spec.grants ?? []))
    yield { kind: "AccessRole", name, what: "who may give which role", mayWiden: (made?.length ?? 0) > 0 };
  for (const { name } of changesOf(before, after, "AccessConstraint", ({ spec }) => spec.minHolders))
    yield { kind: "AccessConstraint", name, what: "how many holders must be kept", mayWiden: false };
  const bounds = changesOf(before, after, "AccessDomain", ({ spec: { staleness, guard } }) => ({
    staleness,
    guard,
  }));
  for (const { name } of bounds)
    yield { kind: "AccessDomain", name, what: "how old a policy may become, or the guard", mayWiden: false };
}

/** The objects of a kind of which a part is not the same; undefined: there is no such object, or no such part. */
function* changesOf<K extends SidegateObject["kind"], T>(
  before: World,
  after: World,
  kind: K,
  part: (object: Extract<SidegateObject, { kind: K }>) => T | undefined,
): Iterable<{ readonly name: string; readonly made: T | undefined }> {
  const names = new Set<string>();
  for (const world of [before, after])
    for (const { metadata } of world.listLive(kind)) names.add(metadata.name);
  for (const name of [...names].sort()) {
    const [old, made] = [before, after].map((world) => {
      const object = world.live(kind, name);
      return object && part(object as Extract<SidegateObject, { kind: K }>);
    });
    if (canonical(old) !== canonical(made)) yield { name, made };
  }
}

/** JSON with members in order, so that two that say the same are the same; empty parts are none. */
function canonical(value: unknown): string {
  const text = JSON.stringify(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
  return text === undefined || text === "[]" || text === "{}" ? "" : text;
}
