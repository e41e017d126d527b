import type { AccessRoleBinding } from "../model/objects.generated.ts";
import { organizationOfScope } from "../model/scope-tree.ts";
import type { LintRule } from "./lint-rule.ts";
import { listWords } from "./list-words.ts";

/** Bindings of a member that stand in the same folder as the Membership. */
export const declaredGrantsOfMember: LintRule = {
  name: "DeclaredGrantsOfMember",
  severity: "note",
  meaning:
    "Bindings of a member are declared in this folder. When the member leaves they are deleted in the cluster, and whatever applies the folder declares them again, so that they count when the member joins again.",
  remedy: "When the member leaves, take these bindings out of the folder together with the Membership.",
  *check(world) {
    const bindings = new Map<string, AccessRoleBinding[]>();
    for (const binding of world.listLive("AccessRoleBinding")) {
      const organization = organizationOfScope(world, binding.spec.scope);
      for (const { kind, name } of binding.spec.subjects) {
        const key = `${organization}/${kind}/${name}`;
        const others = bindings.get(key);
        if (others === undefined) bindings.set(key, [binding]);
        else others.push(binding);
      }
    }
    for (const { metadata, spec } of world.listLive("Membership")) {
      const own = bindings.get(`${spec.organization}/${spec.subject.kind}/${spec.subject.name}`);
      if (own === undefined) continue;
      const names = listWords([...new Set(own.map((binding) => binding.metadata.name))].sort());
      const message = `${spec.subject.kind} "${spec.subject.name}" has declared bindings in "${spec.organization}": ${names}`;
      yield { kind: "Membership", name: metadata.name, field: "spec.subject", message };
    }
  },
};
