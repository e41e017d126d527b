import { findProblems } from "../../engine/diagnose/diagnose.ts";
import { problemReasons } from "../../engine/diagnose/problem.ts";
import { findTraps, type Trap } from "../../engine/lint/find-traps.ts";
import { ignoredRules } from "../../engine/lint/ignored-rules.ts";
import type { Severity } from "../../engine/lint/lint-rule.ts";
import { lintRules } from "../../engine/lint/lint-rules.ts";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import { objectKey } from "../../engine/model/references.ts";
import type { World } from "../../engine/model/world.ts";
import type { Policy } from "../../engine/policy/policy.ts";
import type { LoadedManifest } from "../../operator/source/folder/folder-contents.ts";
import { ManifestLocator } from "../../operator/source/folder/locate-manifest.ts";

/** Something about an object that is valid in itself: it does not work beside the others, or may not do what is meant. */
export interface Finding {
  /** An error does not work as it is written; a warning is a trap; a note is worth knowing. */
  readonly severity: Severity;
  readonly file: string;
  readonly line: number;
  /** "AccessRole engineer", with the domain where it is not the folder's. */
  readonly object: string;
  /** "spec.rules[0].verbs" */
  readonly field: string;
  /** The reason that the object's Accepted condition has in a cluster, or the name of a lint rule. */
  readonly reason: string;
  /** What happens. */
  readonly message: string;
  /** What the reason means, or what to do. */
  readonly remedy: string;
}

/** What was found, and what was left out of it. */
export interface Findings {
  readonly findings: readonly Finding[];
  /** Findings that an annotation asks not to be told of. */
  readonly ignored: number;
}

/** Which traps are looked for, and what finding them asks. */
export interface WantedFindings {
  readonly severities: readonly Severity[];
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Compiles a domain. */
  readonly policyOf: (domain: string) => Policy | undefined;
}

const OBJECTS_PER_TURN = 200;

/**
 * What keeps the manifests of a folder from working as they are written (references to nothing, cycles, names that no
 * catalog has), and the traps that they fall into.
 *
 * @param worlds the objects of each domain
 * @param most no more findings than this are looked for
 * @param pause awaited now and then, so that a large folder does not hold up the process
 * @param wanted what is looked for; left out: errors alone
 */
export async function findFindings(
  folder: string,
  manifests: ReadonlyMap<string, LoadedManifest>,
  worlds: ReadonlyMap<string, World>,
  most: number,
  pause: () => Promise<void>,
  wanted?: WantedFindings,
): Promise<Findings> {
  const rules = lintRules.filter(({ severity }) => wanted?.severities.includes(severity));
  const traps = new Map(
    [...worlds].map(([domain, world]) => {
      const facts = { now: wanted?.now ?? 0, policy: () => wanted?.policyOf(domain) };
      return [domain, findTraps(world, rules, facts)];
    }),
  );
  const findings: Finding[] = [];
  const locator = new ManifestLocator(folder);
  let ignored = 0;
  let count = 0;
  for (const manifest of manifests.values()) {
    if (++count % OBJECTS_PER_TURN === 0) await pause();
    const { domain, object } = manifest;
    const world = worlds.get(domain);
    if (world === undefined) continue;
    const key = objectKey(object.kind, object.metadata.name);
    const all = [...problemsOf(world, object), ...(traps.get(domain)?.get(key) ?? []).map(ofTrap)];
    const unwanted = ignoredRules(object);
    const told = all.filter(({ reason }) => !unwanted.has(reason));
    ignored += all.length - told.length;
    const own = told.map((one) => ({ ...one, ...placeOf(manifest, locator, one.field) }));
    findings.push(...own.sort((a, b) => a.line - b.line).slice(0, most - findings.length));
    if (findings.length === most) break;
  }
  return { findings, ignored };
}

type Unplaced = Omit<Finding, "file" | "line" | "object">;

function problemsOf(world: World, object: SidegateObject): Unplaced[] {
  return findProblems(world, object).map(({ reason, path, message }) => ({
    severity: "error",
    field: path,
    reason,
    message,
    remedy: problemReasons[reason],
  }));
}

function ofTrap({ rule, field, message }: Trap): Unplaced {
  return { severity: rule.severity, field, reason: rule.name, message, remedy: rule.remedy };
}

function placeOf(manifest: LoadedManifest, locator: ManifestLocator, field: string) {
  const { file, object } = manifest;
  return { file, line: locator.lineOf(manifest, field), object: `${object.kind} ${nameOf(object)}` };
}

function nameOf({ metadata: { namespace, name } }: SidegateObject): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** A line for people, and for what is no error a second one with what to do. */
export function formatFinding({
  severity,
  file,
  line,
  object,
  field,
  reason,
  message,
  remedy,
}: Finding): string {
  const what = `${file}:${line}: ${object}: ${field}: ${message}`;
  return severity === "error" ? `${what} (${reason})` : `${what} (${severity} ${reason})\n  ${remedy}`;
}
