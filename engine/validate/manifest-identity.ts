import { apiGroup, apiVersion } from "../model/objects.generated.ts";
import { type ProblemList, quote } from "./manifest-problem.ts";
import { suggest } from "./suggest.ts";
import { isObject } from "./walk.ts";

/** What a manifest says that it is, right or wrong. */
export interface Identity {
  readonly apiVersion: unknown;
  readonly kind: unknown;
  readonly namespace: unknown;
  readonly name: unknown;
}

/** Takes any value; what is no object says nothing. */
export function identityOf(manifest: unknown): Identity {
  const object = isObject(manifest) ? manifest : {};
  const metadata = isObject(object.metadata) ? object.metadata : {};
  return {
    apiVersion: object.apiVersion ?? undefined,
    kind: object.kind ?? undefined,
    namespace: metadata.namespace,
    name: metadata.name,
  };
}

/** How problems name the object: "AccessRoleBinding shop/alice-owner". */
export function describeIdentity({ kind, namespace, name }: Identity): string {
  const place = textOf(namespace) === undefined ? "" : `${textOf(namespace)}/`;
  return `${textOf(kind) ?? "manifest"} ${place}${textOf(name) ?? "without a name"}`;
}

/** The entry of `kinds` for the manifest's kind, or undefined with a problem that says what it should be. */
export function checkIdentity<T>(
  { apiVersion: version, kind }: Identity,
  kinds: ReadonlyMap<string, T>,
  problems: ProblemList,
): T | undefined {
  if (version !== apiVersion) {
    const isOther = typeof version === "string" && !isMeant(version);
    const remedy = isOther ? `Sidegate's objects have ${apiVersion}` : `write ${apiVersion}`;
    problems.add("SG1002", "apiVersion", describeUnknown(version), remedy);
    return undefined;
  }
  const found = typeof kind === "string" ? kinds.get(kind) : undefined;
  if (found === undefined) {
    const meant = typeof kind === "string" ? suggest(kind, kinds.keys()) : undefined;
    const remedy =
      meant === undefined ? `the kinds are ${[...kinds.keys()].join(", ")}` : `did you mean ${meant}?`;
    problems.add("SG1002", "kind", describeUnknown(kind), remedy);
  }
  return found;
}

function describeUnknown(value: unknown): string {
  return value === undefined ? "is missing" : `${quote(value)} is not known`;
}

/** Whether an unknown apiVersion is ours, in another version or misspelt. */
function isMeant(version: string): boolean {
  return version.startsWith(`${apiGroup}/`) || suggest(version, [apiVersion]) !== undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value.slice(0, 253) : undefined;
}
