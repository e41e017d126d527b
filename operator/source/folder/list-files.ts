import { type BigIntStats, readdirSync, realpathSync, statSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { type FolderProblem, fileProblem } from "./folder-problem.ts";
import { manifestLimits } from "./manifest-limits.ts";

/** A file of the folder that may hold manifests. */
export interface ManifestFile {
  /** The path below the folder. */
  readonly path: string;
  readonly absolutePath: string;
  readonly size: number;
  /** Changes whenever the file is written, replaced or linked elsewhere. */
  readonly signature: string;
  /** When it was last written, in milliseconds since 1970. */
  readonly modifiedAt: number;
}

export interface FileList {
  /** In the order of their paths. */
  readonly files: readonly ManifestFile[];
  /** The directories whose entries matter: those walked, and those that linked files really lie in. */
  readonly directories: readonly string[];
  readonly problems: readonly FolderProblem[];
}

const MANIFEST = /\.(?:ya?ml|json)$/i;
const NO_MANIFEST = /^kustomization\.ya?ml$|\.cases\.(?:ya?ml|json)$/i;
const SKIPPED_FOLDERS: ReadonlySet<string> = new Set(["cases", "node_modules"]);

/** Whether a file of this name may hold manifests. */
function isManifestName(name: string): boolean {
  return MANIFEST.test(name) && !NO_MANIFEST.test(name) && !name.startsWith(".");
}

/**
 * Lists the files below `folder` that may hold manifests: those ending in .yaml, .yml and .json, except kustomization.yaml,
 * test cases (*.cases.yaml) and everything in folders named `cases` or `node_modules`. Names that begin with a dot are
 * left out, so that a mounted ConfigMap, which links each file to `..data`, is read once. Links are followed; what is
 * reached by several links is listed once, and what is no regular file is left out.
 *
 * `pause` is awaited now and then, so that a large folder does not hold up the process.
 */
export async function listFiles(folder: string, pause: () => Promise<void>): Promise<FileList> {
  const walk = new Walk(folder, pause);
  try {
    await walk.directory("");
  } catch (error) {
    if (!(error instanceof TooManyFiles)) throw error;
    walk.problems.push(fileProblem("SG1103", "", `The folder has more than ${manifestLimits.files} files`));
  }
  walk.files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { files: walk.files, directories: [...walk.directories], problems: walk.problems };
}

/** What the operating system's error means. */
export function describeFileError(code: string): string {
  if (code === "ENOENT") return "There is no such file or folder";
  if (code === "ENOTDIR") return "It is no folder";
  if (code === "EACCES" || code === "EPERM") return "This process may not read it";
  return `Reading it fails with ${code}`;
}

class TooManyFiles extends Error {}

const ENTRIES_PER_TURN = 500;

class Walk {
  readonly files: ManifestFile[] = [];
  readonly problems: FolderProblem[] = [];
  readonly directories = new Set<string>();
  readonly #folder: string;
  readonly #pause: () => Promise<void>;
  /** Real paths of what was reached, since links could lead to it again. */
  readonly #reached = new Set<string>();
  #entries = 0;

  constructor(folder: string, pause: () => Promise<void>) {
    this.#folder = folder;
    this.#pause = pause;
  }

  async directory(path: string): Promise<void> {
    const absolutePath = join(this.#folder, path);
    const real = this.#attempt(path, () => realpathSync(absolutePath));
    if (real === undefined || !this.#reach(real)) return;
    const entries = this.#attempt(path, () => readdirSync(absolutePath, { withFileTypes: true }));
    if (entries === undefined) return;
    this.directories.add(absolutePath);
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const { name } = entry;
      if (name.startsWith(".")) continue;
      if (++this.#entries > manifestLimits.files) throw new TooManyFiles();
      if (this.#entries % ENTRIES_PER_TURN === 0) await this.#pause();
      const below = path === "" ? name : `${path}/${name}`;
      if (!entry.isDirectory())
        await this.#file(below, name, entry.isSymbolicLink() ? undefined : real + sep + name);
      else if (!SKIPPED_FOLDERS.has(name)) await this.directory(below);
    }
  }

  /** @param real the real path, undefined for a link */
  async #file(path: string, name: string, real: string | undefined): Promise<void> {
    const isLink = real === undefined;
    if (!isManifestName(name) && !isLink) return;
    const absolutePath = join(this.#folder, path);
    const stats = this.#attempt(path, () => statSync(absolutePath, { bigint: true, throwIfNoEntry: false }));
    // A file that went between the two calls, which the next look will show, or a link to nothing.
    if (stats === undefined) {
      if (isLink && isManifestName(name)) this.#problem(path, "The link leads to nothing");
      return;
    }
    if (stats.isDirectory()) {
      if (!SKIPPED_FOLDERS.has(name)) await this.directory(path);
      return;
    }
    if (!stats.isFile() || !isManifestName(name)) return;
    const reached = real ?? this.#attempt(path, () => realpathSync(absolutePath));
    if (reached === undefined || !this.#reach(reached)) return;
    if (isLink) this.directories.add(dirname(reached));
    this.files.push(manifestFile(path, absolutePath, stats));
  }

  /** Whether a real path is reached for the first time. */
  #reach(real: string): boolean {
    if (this.#reached.has(real)) return false;
    this.#reached.add(real);
    return true;
  }

  #attempt<T>(path: string, action: () => T): T | undefined {
    try {
      return action();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      if (code === "ENOENT" && path !== "") return undefined;
      this.#problem(path, describeFileError(code));
      return undefined;
    }
  }

  #problem(path: string, message: string): void {
    this.problems.push(fileProblem(path === "" ? "SG1101" : "SG1102", path || this.#folder, message));
  }
}

function manifestFile(path: string, absolutePath: string, stats: BigIntStats): ManifestFile {
  const { dev, ino, size, mtimeNs, ctimeNs, mtimeMs } = stats;
  const signature = [dev, ino, size, mtimeNs, ctimeNs].join(":");
  return { path, absolutePath, size: Number(size), signature, modifiedAt: Number(mtimeMs) };
}
