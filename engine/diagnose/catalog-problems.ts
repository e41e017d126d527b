import type { PermissionCatalog } from "../model/objects.generated.ts";
import type { World } from "../model/world.ts";
import type { Problem } from "./problem.ts";

export function* catalogProblems(world: World, { metadata, spec }: PermissionCatalog): Iterable<Problem> {
  const resources = spec.resources ?? [];
  for (const { catalog, type, kind, message } of world.catalog.problems) {
    const index = resources.findIndex((resource) => resource.name === type);
    if (catalog === metadata.name) yield { reason: kind, path: `spec.resources[${index}]`, message };
  }
  for (const [index, resource] of resources.entries()) {
    const verbs = new Set(resource.verbs.map((verb) => verb.name));
    for (const verb of resource.verbs) {
      const unknown = verb.implies?.find((implied) => !verbs.has(implied));
      if (unknown === undefined) continue;
      const message = `verb "${verb.name}" implies "${unknown}", which the type "${resource.name}" does not have`;
      yield { reason: "UnknownPermission", path: `spec.resources[${index}]`, message };
    }
  }
}
