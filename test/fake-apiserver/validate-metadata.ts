import type { StatusCause } from "./api-error.ts";
import type { KubeObject, ObjectMeta } from "./kube-object.ts";
import type { ResourceType } from "./resource-type.ts";

const LABEL_PART = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const SUBDOMAIN = new RegExp(`^${LABEL_PART}(\\.${LABEL_PART})*$`);
const DNS_LABEL = new RegExp(`^${LABEL_PART}$`);
const NAME_PART = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;

const SUBDOMAIN_TEXT =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and " +
  "end with an alphanumeric character (e.g. 'example.com', regex used for validation is " +
  "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL_TEXT =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with " +
  "an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is " +
  "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

export function cause(reason: string, field: string, message: string): StatusCause {
  return { reason, message, field };
}

function bad(field: string, value: unknown, message: string): StatusCause {
  return cause("FieldValueInvalid", field, `Invalid value: ${JSON.stringify(value)}: ${message}`);
}

/** What is wrong with the metadata of a new or changed object. */
export function validateMetadata(type: ResourceType, meta: ObjectMeta): StatusCause[] {
  return [
    ...validateName(type, meta),
    ...validateLabels(meta),
    ...validateAnnotations(meta),
    ...validateOwners(meta),
  ];
}

function validateName(type: ResourceType, meta: ObjectMeta): StatusCause[] {
  if (!meta.name) {
    return [cause("FieldValueRequired", "metadata.name", "Required value: name or generateName is required")];
  }
  const isNamespace = type.group === "" && type.plural === "namespaces";
  const [pattern, limit, text] = isNamespace
    ? ([DNS_LABEL, 63, LABEL_TEXT] as const)
    : ([SUBDOMAIN, 253, SUBDOMAIN_TEXT] as const);
  if (meta.name.length > limit) {
    return [bad("metadata.name", meta.name, `must be no more than ${limit} bytes`)];
  }
  return pattern.test(meta.name) ? [] : [bad("metadata.name", meta.name, text)];
}

/** A name of labels, annotations, finalizers and controllers: "example.com/name" or "name". */
export function isQualifiedName(name: string): boolean {
  const slash = name.lastIndexOf("/");
  const prefix = slash < 0 ? undefined : name.slice(0, slash);
  const rest = name.slice(slash + 1);
  const fine = rest.length <= 63 && NAME_PART.test(rest);
  return fine && (prefix === undefined || (prefix.length <= 253 && SUBDOMAIN.test(prefix)));
}

function validateLabels(meta: ObjectMeta): StatusCause[] {
  const causes: StatusCause[] = [];
  for (const [key, value] of Object.entries(meta.labels ?? {})) {
    if (!isQualifiedName(key)) {
      causes.push(
        bad(
          "metadata.labels",
          key,
          "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an " +
            "alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is " +
            "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        ),
      );
    }
    if (value.length > 63) causes.push(bad("metadata.labels", value, "must be no more than 63 bytes"));
    else if (!LABEL_VALUE.test(value)) {
      causes.push(
        bad(
          "metadata.labels",
          value,
          "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must " +
            "start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used " +
            "for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
        ),
      );
    }
  }
  return causes;
}

function validateAnnotations(meta: ObjectMeta): StatusCause[] {
  let size = 0;
  const causes: StatusCause[] = [];
  for (const [key, value] of Object.entries(meta.annotations ?? {})) {
    if (!isQualifiedName(key.toLowerCase())) {
      causes.push(bad("metadata.annotations", key, "name part must consist of alphanumeric characters"));
    }
    size += key.length + value.length;
  }
  if (size > 256 * 1024) {
    causes.push(
      cause("FieldValueTooLong", "metadata.annotations", "Too long: may not be more than 262144 bytes"),
    );
  }
  return causes;
}

function validateOwners(meta: ObjectMeta): StatusCause[] {
  const causes: StatusCause[] = [];
  for (const owner of meta.ownerReferences ?? []) {
    for (const field of ["apiVersion", "kind", "name", "uid"] as const) {
      if (!owner[field]) causes.push(bad(`metadata.ownerReferences.${field}`, "", "must not be empty"));
    }
  }
  if ((meta.ownerReferences ?? []).filter((owner) => owner.controller === true).length > 1) {
    causes.push(bad("metadata.ownerReferences", "", "Only one reference can have Controller set to true"));
  }
  return causes;
}

/** What an update may not change. */
export function validateMetadataUpdate(meta: ObjectMeta, previous: KubeObject): StatusCause[] {
  const causes: StatusCause[] = [];
  const old = previous.metadata;
  if (meta.uid !== old.uid) causes.push(bad("metadata.uid", meta.uid, "field is immutable"));
  if (meta.deletionTimestamp !== old.deletionTimestamp) {
    causes.push(bad("metadata.deletionTimestamp", meta.deletionTimestamp, "field is immutable"));
  }
  const had = new Set(old.finalizers);
  const added = (meta.finalizers ?? []).filter((finalizer) => !had.has(finalizer));
  if (old.deletionTimestamp !== undefined && added.length > 0) {
    const list = added.map((finalizer) => JSON.stringify(finalizer)).join(", ");
    causes.push(
      cause(
        "FieldValueForbidden",
        "metadata.finalizers",
        "Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers " +
          `[]string{${list}}`,
      ),
    );
  }
  return causes;
}
