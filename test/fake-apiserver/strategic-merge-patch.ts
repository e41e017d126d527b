import { isObject, type JsonObject } from "./json.ts";

/** The lists of the built-in kinds that merge, by field: of scalars (undefined) or of objects with a key. */
const mergingLists: Readonly<Record<string, string | undefined>> = {
  finalizers: undefined,
  ownerReferences: "uid",
};

/**
 * Strategic merge patch, as far as Namespaces, Leases and Events have something to merge strategically: a merge patch in
 * which finalizers and ownerReferences are merged by item, with the directives `$patch`, `$retainKeys`,
 * `$deleteFromPrimitiveList` and `$setElementOrder`.
 * See https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md
 */
export function strategicMergePatch(target: unknown, patch: JsonObject): JsonObject {
  const { $patch: directive, $retainKeys: retained, ...fields } = patch;
  if (directive === "delete") return {};
  const result: JsonObject = directive === "replace" || !isObject(target) ? {} : { ...target };
  if (Array.isArray(retained))
    for (const field of Object.keys(result)) if (!retained.includes(field)) delete result[field];
  for (const [name, value] of Object.entries(fields)) {
    if (name.startsWith("$")) continue;
    if (value === null) delete result[name];
    else if (isObject(value)) result[name] = strategicMergePatch(result[name], value);
    else if (Object.hasOwn(mergingLists, name))
      result[name] = mergeItems(result[name], value, mergingLists[name]);
    else result[name] = value;
  }
  for (const [name, value] of Object.entries(fields)) if (name.startsWith("$")) direct(result, name, value);
  return result;
}

/** The items of the patch in its order, then those that it does not name. */
function mergeItems(target: unknown, patch: unknown, key: string | undefined): unknown[] {
  const idOf = (item: unknown) => (key !== undefined && isObject(item) ? item[key] : item);
  const items = new Map<unknown, unknown>();
  const before = new Map((Array.isArray(target) ? target : []).map((item) => [idOf(item), item] as const));
  for (const item of Array.isArray(patch) ? patch : []) {
    const id = idOf(item);
    if (isObject(item) && item.$patch === "delete") before.delete(id);
    else items.set(id, isObject(item) ? strategicMergePatch(before.get(id), item) : item);
  }
  for (const [id, item] of before) if (!items.has(id)) items.set(id, item);
  return [...items.values()];
}

function direct(result: JsonObject, name: string, value: unknown): void {
  const [directive, field = ""] = name.split("/");
  const list = result[field];
  if (!Array.isArray(list) || !Array.isArray(value)) return;
  if (directive === "$deleteFromPrimitiveList") result[field] = list.filter((item) => !value.includes(item));
  if (directive !== "$setElementOrder") return;
  const key = mergingLists[field];
  const places = value.map((item) => (key !== undefined && isObject(item) ? item[key] : item));
  const placeOf = (item: unknown) => {
    const place = places.indexOf(key !== undefined && isObject(item) ? item[key] : item);
    return place < 0 ? places.length : place;
  };
  result[field] = [...list].sort((a, b) => placeOf(a) - placeOf(b));
}
