import { apiVersion, type ObjectMeta, type SidegateObject } from "../model/objects.generated.ts";
import { checkMetadata, type ManifestMeta } from "./check-metadata.ts";
import { checkRules } from "./check-rules.ts";
import { checkStructure } from "./check-structure.ts";
import type { CustomResourceDefinition, JsonSchema } from "./custom-resource-definition.ts";
import { checkIdentity, describeIdentity, identityOf } from "./manifest-identity.ts";
import { type ManifestProblem, ProblemList } from "./manifest-problem.ts";
import { objectMetaSchema } from "./object-meta-schema.ts";
import { compileSchema, type SchemaNode } from "./schema-node.ts";
import { trimMetadata } from "./to-sidegate-object.ts";
import { MAX_OBJECT_BYTES, member, startWalk, type Walk } from "./walk.ts";

/** What checking a manifest gives: the object that the API server would store, or what is wrong. */
export type CheckedManifest =
  | { readonly object: SidegateObject; readonly problems: readonly [] }
  | { readonly object: undefined; readonly problems: readonly ManifestProblem[] };

/** Judges manifests as the API server does, from the same CRDs and without one. */
export interface ManifestValidator {
  /**
   * Checks a parsed manifest: apiVersion and kind, unknown fields, structure, metadata, lists and rules. Takes any JSON value
   * and never throws.
   *
   * @param old the object as it was, where the manifest changes one; what never changes is compared with it
   * @returns the object with defaults and without status, which manifests can not set (`old` hands on its own)
   */
  check(manifest: unknown, old?: SidegateObject): CheckedManifest;
  /** The problems alone. */
  validate(manifest: unknown, old?: SidegateObject): readonly ManifestProblem[];
  /** Fills in the defaults of an object that is valid without them. */
  applyDefaults<T extends SidegateObject>(object: T): T;
}

/** What the structural check makes of a manifest. */
interface RootCopy {
  readonly metadata: ManifestMeta;
  readonly spec: object;
}

interface KindSchema {
  /** The whole object but its status. */
  readonly object: SchemaNode;
  readonly status: SchemaNode | undefined;
}

/**
 * @param crds the definitions of all kinds, as crds/*.yaml has them
 * @throws when a definition uses what offline validation does not know, which is a defect of the definition
 */
export function createManifestValidator(crds: readonly CustomResourceDefinition[]): ManifestValidator {
  const schemas = new Map(crds.map((crd) => [crd.spec.names.kind, compileKind(crd)]));
  const check = (manifest: unknown, old?: SidegateObject): CheckedManifest => {
    const identity = identityOf(manifest);
    const problems = new ProblemList(describeIdentity(identity));
    const kind = checkIdentity(identity, schemas, problems);
    if (kind === undefined) return { object: undefined, problems: problems.all };
    const before = old?.kind === identity.kind ? old : undefined;
    const object = checkObject(kind, manifest as Readonly<Record<string, unknown>>, before, problems);
    return problems.all.length > 0 ? { object: undefined, problems: problems.all } : { object, problems: [] };
  };
  return {
    check,
    validate: (manifest, old) => check(manifest, old).problems,
    applyDefaults: (object) => {
      const schema = schemas.get(object.kind)?.object.properties.get("spec") as SchemaNode;
      return { ...object, spec: checkStructure(schema, object.spec, "spec", startWalk(new ProblemList(""))) };
    },
  };
}

function checkObject(
  schema: KindSchema,
  manifest: Readonly<Record<string, unknown>>,
  old: SidegateObject | undefined,
  problems: ProblemList,
): SidegateObject {
  const walk = startWalk(problems);
  const copy = checkStructure(schema.object, manifest, "", walk) as Partial<RootCopy> | undefined;
  const metadata = copy?.metadata ?? {};
  checkMetadata(metadata, old === undefined, problems);
  checkStatus(schema, member(manifest, "status"), problems);
  if (isTooLarge(copy, walk)) {
    problems.add(
      "SG1009",
      "",
      `is too large: Kubernetes stores objects of at most ${MAX_OBJECT_BYTES} bytes`,
    );
    walk.blocked = true;
  }
  if (!walk.blocked) checkRules(schema.object, copy, old, "", problems);
  const object = { apiVersion, kind: manifest.kind, metadata: metadataOf(metadata, old), spec: copy?.spec };
  return (old?.status === undefined
    ? object
    : { ...object, status: old.status }) as unknown as SidegateObject;
}

/** Whether the object can not be stored. Its bytes are counted only where its characters leave that open. */
function isTooLarge(copy: unknown, { characters }: Walk): boolean {
  if (characters > MAX_OBJECT_BYTES) return true;
  // A character takes three bytes at most, and twice that where JSON escapes it.
  return (
    characters * 6 > MAX_OBJECT_BYTES &&
    new TextEncoder().encode(JSON.stringify(copy)).length > MAX_OBJECT_BYTES
  );
}

/** A manifest can not set the status; the API server looks for unknown fields in it all the same and drops the rest. */
function checkStatus(schema: KindSchema, status: unknown, problems: ProblemList): void {
  if (schema.status === undefined || status === undefined) return;
  const ignored = new ProblemList("");
  checkStructure(schema.status, status, "status", startWalk(ignored));
  for (const { code, path, message, remedy } of ignored.all) {
    if (code === "SG1003") problems.add(code, path, message, remedy);
  }
}

/** The metadata of the object to be: what the API server sets itself comes from the old object or is left out. */
function metadataOf(given: ManifestMeta, old: SidegateObject | undefined): ObjectMeta {
  const { uid, resourceVersion, generation, deletionTimestamp } = old?.metadata ?? {};
  return trimMetadata({ ...given, uid, resourceVersion, generation, deletionTimestamp });
}

function compileKind(crd: CustomResourceDefinition): KindSchema {
  const version = crd.spec.versions.find((candidate) => `${crd.spec.group}/${candidate.name}` === apiVersion);
  if (version === undefined) throw new Error(`${crd.metadata.name} does not serve ${apiVersion}`);
  const root = version.schema.openAPIV3Schema;
  const { status, ...properties } = root.properties ?? {};
  const untyped: JsonSchema = {};
  return {
    object: compileSchema(
      {
        ...root,
        properties: {
          apiVersion: { type: "string" },
          kind: { type: "string" },
          metadata: objectMetaSchema,
          ...properties,
          status: untyped,
        },
      },
      crd.spec.names.kind,
    ),
    status: status && compileSchema(status, `${crd.spec.names.kind}.status`),
  };
}
