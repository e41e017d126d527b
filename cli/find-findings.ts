import { findProblems } from "../engine/diagnose/diagnose.ts";
import type { SidegateObject } from "../engine/model/objects.generated.ts";
import type { World } from "../engine/model/world.ts";
import type { LoadedManifest } from "../operator/source/folder/folder-contents.ts";
import { ManifestLocator } from "../operator/source/folder/locate-manifest.ts";

/** Something about an object that is valid in itself and does not work beside the others. */
export interface Finding {
  readonly file: string;
  readonly line: number;
  /** "AccessRole engineer", with the domain where it is not the folder's. */
  readonly object: string;
  /** "spec.rules[0].verbs" */
  readonly field: string;
  /** The reason that the object's Accepted condition has in a cluster. */
  readonly reason: string;
  readonly message: string;
}

const OBJECTS_PER_TURN = 200;

/**
 * What keeps the manifests of a folder from working as they are written: references to nothing, cycles, names that no
 * catalog has.
 *
 * @param worlds the objects of each domain
 * @param most no more findings than this are looked for
 * @param pause awaited now and then, so that a large folder does not hold up the process
 */
export async function findFindings(
  folder: string,
  manifests: ReadonlyMap<string, LoadedManifest>,
  worlds: ReadonlyMap<string, World>,
  most: number,
  pause: () => Promise<void>,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const locator = new ManifestLocator(folder);
  let count = 0;
  for (const manifest of manifests.values()) {
    if (++count % OBJECTS_PER_TURN === 0) await pause();
    const { domain, object, file } = manifest;
    const world = worlds.get(domain);
    if (world === undefined) continue;
    const own = findProblems(world, object).map(({ reason, path, message }) => ({
      file,
      line: locator.lineOf(manifest, path),
      object: `${object.kind} ${nameOf(object)}`,
      field: path,
      reason,
      message,
    }));
    findings.push(...own.sort((a, b) => a.line - b.line).slice(0, most - findings.length));
    if (findings.length === most) break;
  }
  return findings;
}

function nameOf({ metadata: { namespace, name } }: SidegateObject): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** One line for people. */
export function formatFinding({ file, line, object, field, reason, message }: Finding): string {
  return `${file}:${line}: ${object}: ${field}: ${message} (${reason})`;
}
