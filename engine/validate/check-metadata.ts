import { type ProblemList, quote } from "./manifest-problem.ts";
import { join } from "./walk.ts";

/** ObjectMeta as it stands in manifests, after its structure has been checked. */
export interface ManifestMeta {
  readonly name?: string;
  readonly generateName?: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly ManifestOwner[];
  readonly finalizers?: readonly string[];
}

interface ManifestOwner {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly uid?: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const QUALIFIED = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const MAX_ANNOTATION_BYTES = 256 * 1024;

/** Checks what Kubernetes asks of the metadata of every object. A missing name blocks nothing else. */
export function checkMetadata(meta: ManifestMeta, isNew: boolean, problems: ProblemList): void {
  checkName(meta, problems);
  if (meta.namespace && (meta.namespace.length > 63 || !LABEL.test(meta.namespace))) {
    report(
      problems,
      "namespace",
      `${quote(meta.namespace)} is no name of a namespace`,
      "use at most 63 lower case letters, digits and '-'",
    );
  }
  if (isNew && meta.resourceVersion) {
    report(problems, "resourceVersion", "is set on a new object", "leave it out; the API server gives it");
  }
  checkLabels(meta.labels ?? {}, problems);
  checkAnnotations(meta.annotations ?? {}, problems);
  checkOwners(meta.ownerReferences ?? [], problems);
  for (const finalizer of meta.finalizers ?? []) checkKey("finalizers", finalizer, problems);
}

function checkName(meta: ManifestMeta, problems: ProblemList): void {
  if (!meta.name && problems.has("metadata.name")) return;
  if (!meta.name) {
    const remedy = meta.generateName
      ? "generateName works with `kubectl create` only; give the object a name"
      : "give the object a name";
    problems.add("SG1004", "metadata.name", "is missing", remedy);
  } else if (meta.name.length > 253 || !SUBDOMAIN.test(meta.name)) {
    report(
      problems,
      "name",
      `${quote(meta.name)} is no name of an object`,
      "use at most 253 lower case letters, digits, '-' and '.', beginning and ending with a letter or digit",
    );
  }
}

function checkLabels(labels: Readonly<Record<string, string>>, problems: ProblemList): void {
  for (const [key, value] of Object.entries(labels)) {
    checkKey("labels", key, problems);
    if (value !== "" && (value.length > 63 || !QUALIFIED.test(value))) {
      report(
        problems,
        "labels",
        `${quote(value)} is no value of a label`,
        "use at most 63 letters, digits, '-', '_' and '.'",
      );
    }
    if (problems.full) return;
  }
}

function checkAnnotations(annotations: Readonly<Record<string, string>>, problems: ProblemList): void {
  let bytes = 0;
  for (const [key, value] of Object.entries(annotations)) {
    checkKey("annotations", key.toLowerCase(), problems);
    bytes += utf8Length(key) + utf8Length(value);
    if (problems.full) return;
  }
  if (bytes > MAX_ANNOTATION_BYTES) {
    report(problems, "annotations", `take ${bytes} bytes`, `keep them within ${MAX_ANNOTATION_BYTES}`);
  }
}

function checkOwners(owners: readonly ManifestOwner[], problems: ProblemList): void {
  owners.forEach((owner, index) => {
    for (const field of ["apiVersion", "kind", "name", "uid"] as const) {
      if (!owner[field])
        report(problems, `ownerReferences[${index}].${field}`, "is missing", "an owner is named by all four");
    }
  });
  if (owners.filter((owner) => owner.controller === true).length > 1) {
    report(problems, "ownerReferences", "name several controllers", "set `controller` for one owner only");
  }
}

/** A qualified name: an optional DNS subdomain and a slash, then at most 63 characters. */
function checkKey(field: string, key: string, problems: ProblemList): void {
  const slash = key.indexOf("/");
  const prefix = key.slice(0, Math.max(slash, 0));
  const name = key.slice(slash + 1);
  const isPrefixValid = slash < 0 || (prefix.length <= 253 && SUBDOMAIN.test(prefix));
  if (isPrefixValid && name.length <= 63 && QUALIFIED.test(name)) return;
  report(problems, field, `${quote(key)} is no qualified name`, "write it like team or example.com/team");
}

function report(problems: ProblemList, field: string, message: string, remedy: string): void {
  problems.add("SG1008", join("metadata", field), message, remedy);
}

function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) as number;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}
