import type { SidegateObject, TokenPolicy } from "../../engine/model/objects.generated.ts";
import type { CaseDocument, ManifestDocument } from "./case-file.ts";
import { testKeySet } from "./test-keys.ts";

/**
 * The objects of a world: the folder's, with the further ones added or in place of those of the same kind and name. Token
 * policies of the folder get the test keys, since nobody has the private keys of their issuers.
 *
 * @throws Error for a placeholder that names a key which is not there
 */
export function objectsOf(
  inFolder: readonly SidegateObject[],
  further: readonly ManifestDocument[],
): SidegateObject[] {
  return merge(
    inFolder.map((object) =>
      object.kind === "TokenPolicy" ? withKeys(object, testKeySet() as string) : object,
    ),
    further,
  );
}

/**
 * The objects with the changes of a case; the same array where it has none.
 *
 * @throws Error where `without` names nothing
 */
export function changeObjects(
  objects: readonly SidegateObject[],
  entry: Pick<CaseDocument, "with" | "without">,
): readonly SidegateObject[] {
  if (entry.with === undefined && entry.without === undefined) return objects;
  const without = new Set(entry.without);
  const kept = objects.filter((object) => !without.delete(`${object.kind}/${object.metadata.name}`));
  if (without.size > 0) throw new Error(`there is no ${[...without].join(", ")} to leave out`);
  return merge(kept, entry.with ?? []);
}

function merge(objects: readonly SidegateObject[], further: readonly ManifestDocument[]): SidegateObject[] {
  const merged = new Map(objects.map((object) => [`${object.kind}/${object.metadata.name}`, object]));
  for (const manifest of further) {
    const object = { apiVersion: "sidegate.dev/v1alpha1", ...manifest } as unknown as SidegateObject;
    merged.set(`${manifest.kind}/${manifest.metadata.name}`, fillKeys(object));
  }
  return [...merged.values()];
}

/** "{{test-keys}}" or "{{test-keys: NAME NAME}}" in the place of a key set. */
const PLACEHOLDER = /^\{\{test-keys(?:: ([a-z0-9 ]+))?\}\}$/;

function fillKeys(object: SidegateObject): SidegateObject {
  if (object.kind !== "TokenPolicy") return object;
  const [placeholder, names] = PLACEHOLDER.exec(object.spec?.keys?.jwks ?? "") ?? [];
  if (placeholder === undefined) return object;
  const keys = testKeySet(names?.split(" "));
  if (keys === undefined)
    throw new Error(`TokenPolicy/${object.metadata.name}: ${placeholder} names no test key`);
  return withKeys(object, keys);
}

function withKeys(policy: TokenPolicy, jwks: string): TokenPolicy {
  return { ...policy, spec: { ...policy.spec, keys: { jwks } } };
}
