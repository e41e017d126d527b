import { readWindow } from "../compile/windows.ts";
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
 * must be kept, which roles exclude one another, how old a policy may become, and what begins or ends at another time.
 *
 * @param now the instant of the comparison, in milliseconds since 1970
 */
export function* unlistedChanges(before: World, after: World, now: number): Iterable<UnlistedChange> {
  const about = "what tokens leave of the permissions of their subjects";
  for (const { name, made } of changesOf(before, after, "TokenPolicy", ({ spec }) => spec))
    yield { kind: "TokenPolicy", name, what: about, mayWiden: made !== undefined };
  for (const { name, made } of changesOf(before, after, "AccessRole", ({ spec }) => spec.grants ?? []))
    yield { kind: "AccessRole", name, what: "who may give which role", mayWiden: (made?.length ?? 0) > 0 };
  for (const { name } of changesOf(before, after, "AccessConstraint", ({ spec }) => spec.minHolders))
    yield { kind: "AccessConstraint", name, what: "how many holders must be kept", mayWiden: false };
  const separation = ({ spec: { separationOfDuty, exclusive } }: ObjectOf<"AccessConstraint">) =>
    separationOfDuty ?? exclusive;
  for (const { name, old } of changesOf(before, after, "AccessConstraint", separation)) {
    const what = "which roles may be held together";
    yield { kind: "AccessConstraint", name, what, mayWiden: old !== undefined };
  }
  yield* laterGrants(before, after, now);
  yield* otherEnds(before, after, "AccessRoleBinding", "when it ends");
  yield* otherEnds(before, after, "Membership", "when it ends");
  const bounds = changesOf(before, after, "AccessDomain", ({ spec: { staleness, guard } }) => ({
    staleness,
    guard,
  }));
  for (const { name } of bounds)
    yield { kind: "AccessDomain", name, what: "how old a policy may become, or the guard", mayWiden: false };
}

/** Bindings that have not begun yet, and are new or not the same. */
function* laterGrants(before: World, after: World, now: number): Iterable<UnlistedChange> {
  const later = ({ spec }: ObjectOf<"AccessRoleBinding">) =>
    now < readWindow(spec.notBefore, undefined).notBefore ? spec : undefined;
  for (const { name, made } of changesOf(before, after, "AccessRoleBinding", later)) {
    if (made === undefined) continue;
    const what = `what is allowed from ${made.notBefore} on`;
    yield { kind: "AccessRoleBinding", name, what, mayWiden: true };
  }
}

/** Objects on both sides that end at another instant. */
function* otherEnds(
  before: World,
  after: World,
  kind: "AccessRoleBinding" | "Membership",
  what: string,
): Iterable<UnlistedChange> {
  const end = ({ spec }: ObjectOf<"AccessRoleBinding" | "Membership">) =>
    readWindow(undefined, spec.expiresAt);
  for (const { name, old, made } of changesOf(before, after, kind, end))
    if (old !== undefined && made !== undefined)
      yield { kind, name, what, mayWiden: old.expires < made.expires };
}

type ObjectOf<K extends SidegateObject["kind"]> = Extract<SidegateObject, { kind: K }>;

/** The objects of a kind of which a part is not the same; undefined: there is no such object, or no such part. */
function* changesOf<K extends SidegateObject["kind"], T>(
  before: World,
  after: World,
  kind: K,
  part: (object: ObjectOf<K>) => T | undefined,
): Iterable<{ readonly name: string; readonly old: T | undefined; readonly made: T | undefined }> {
  const names = new Set<string>();
  for (const world of [before, after])
    for (const { metadata } of world.listLive(kind)) names.add(metadata.name);
  for (const name of [...names].sort()) {
    const [old, made] = [before, after].map((world) => {
      const object = world.live(kind, name);
      return object && part(object as ObjectOf<K>);
    });
    if (canonical(old) !== canonical(made)) yield { name, old, made };
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
