import { readWindow } from "../compile/windows.ts";
import type { AccessGroup, AccessRoleBinding } from "../model/objects.generated.ts";
import { objectKey } from "../model/references.ts";
import { formatScope } from "../model/scope.ts";
import type { World } from "../model/world.ts";
import type { Movement } from "./binding-changes.ts";

/**
 * What a write of a group takes from members and gives to them (semantics, section 8): the role of every binding that the
 * group, or a group that holds it, is a subject of. Bindings that are over give nothing. A thousand members in a thousand
 * bindings are a million movements, so they are told one by one.
 *
 * @param now milliseconds since 1970
 */
export function* groupMovements(
  world: World,
  before: AccessGroup | undefined,
  after: AccessGroup | undefined,
  now: number,
): Generator<Movement> {
  const name = (after ?? before)?.metadata.name;
  if (name === undefined) return;
  const taken = membersBeyond(before, after);
  const given = membersBeyond(after, before);
  if (taken.length === 0 && given.length === 0) return;
  const bindings = [...bindingsOf(world, name)].filter(
    ({ spec }) => now < readWindow(spec.notBefore, spec.expiresAt).expires,
  );
  for (const [verb, members] of [
    ["Take", taken],
    ["Give", given],
  ] as const) {
    for (const { target, path } of members) {
      for (const { spec } of bindings) {
        const scope = formatScope(spec.scope.kind, spec.scope.name ?? "");
        yield { verb, role: spec.role, scope, target, path };
      }
    }
  }
}

type Member = Pick<Movement, "target" | "path">;

/** The members of one group that the other one does not list; all, where they belong to different organizations. */
function membersBeyond(group: AccessGroup | undefined, other: AccessGroup | undefined): Member[] {
  const isSame = group?.spec.organization === other?.spec.organization;
  const others = isSame ? (other?.spec.members ?? []) : [];
  const members = group?.spec.members ?? [];
  return members.flatMap((target, index) => {
    const isKept = others.some(({ kind, name }) => kind === target.kind && name === target.name);
    return isKept ? [] : [{ target, path: `spec.members[${index}]` }];
  });
}

/** The bindings that name a group or a group that holds it, each once. */
function bindingsOf(world: World, group: string): Set<AccessRoleBinding> {
  const bindings = new Set<AccessRoleBinding>();
  const groups = new Set([group]);
  for (const name of groups) {
    const key = objectKey("AccessGroup", name);
    for (const holder of world.referring("AccessGroup", key)) groups.add(holder.metadata.name);
    for (const binding of world.referring("AccessRoleBinding", key)) bindings.add(binding);
  }
  return bindings;
}
