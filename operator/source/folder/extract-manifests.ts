import { apiGroup, apiVersion, kinds } from "../../../engine/model/objects.generated.ts";
import { suggest } from "../../../engine/validate/suggest.ts";

/** Kinds whose names no other project is likely to have. Organizations and Environments are many a one's. */
const unmistakable: ReadonlySet<string> = new Set(
  kinds.filter((kind) => /^(?:Access|PermissionCatalog)/.test(kind)),
);

/** What a document holds: manifests to be checked, and what is left out because it belongs to others. */
export interface Extracted {
  readonly manifests: readonly { readonly value: unknown; readonly path: string }[];
  /** Objects of other API groups, each as "ConfigMap shop/settings". */
  readonly foreign: readonly { readonly what: string; readonly path: string }[];
}

/**
 * Takes a document apart: a `List`, also a typed one such as AccessRoleList, into its items; objects of other API groups
 * aside. Whatever does not say that it belongs to others is taken for a manifest, so that one with a slip of the pen is
 * reported and not silently left out, which could take a Deny rule away.
 */
export function extractManifests(document: unknown): Extracted {
  const manifests: { value: unknown; path: string }[] = [];
  const foreign: { what: string; path: string }[] = [];
  const visit = (value: unknown, path: string) => {
    const object = fieldsOf(value);
    const { items } = object;
    if (isList(object) && Array.isArray(items)) {
      for (const [index, item] of items.entries()) visit(item, join(path, `items[${index}]`));
    } else if (isForeign(object)) foreign.push({ what: describe(object), path });
    else manifests.push({ value, path });
  };
  visit(document, "");
  return { manifests, foreign };
}

function join(path: string, field: string): string {
  return path === "" ? field : `${path}.${field}`;
}

interface Fields {
  readonly apiVersion?: unknown;
  readonly kind?: unknown;
  readonly metadata?: unknown;
  readonly items?: unknown;
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? value : {};
}

function isList({ apiVersion: version, kind }: Fields): boolean {
  if (typeof kind !== "string" || !kind.endsWith("List")) return false;
  return version === "v1" ? kind === "List" : typeof version === "string" && isOwnGroup(groupOf(version));
}

function isForeign({ apiVersion: version, kind }: Fields): boolean {
  if (typeof version !== "string" || typeof kind !== "string" || kind === "" || version === "") return false;
  if (version === "v1" && kind === "List") return false;
  const isMeant = isOwnGroup(groupOf(version)) || suggest(version, [apiVersion]) !== undefined;
  return !isMeant && !unmistakable.has(kind);
}

function isOwnGroup(group: string): boolean {
  return group.toLowerCase() === apiGroup;
}

function groupOf(version: string): string {
  const slash = version.indexOf("/");
  return slash === -1 ? "" : version.slice(0, slash);
}

function describe({ kind, metadata }: Fields): string {
  const { namespace, name } = fieldsOf(metadata) as { namespace?: unknown; name?: unknown };
  const text = [namespace, name].filter((part) => typeof part === "string" && part !== "").join("/");
  return text === "" ? String(kind) : `${String(kind)} ${text}`;
}
