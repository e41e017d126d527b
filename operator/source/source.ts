import type { Kind, SidegateObject } from "../../engine/model/objects.generated.ts";

/**
 * Where a source puts what it reads. Calls come in the order in which things were seen; none may throw. An object that
 * was put replaces the one of the same domain, kind and name.
 */
export interface SourceEvents {
  put(domain: string, object: SidegateObject): void;
  remove(domain: string, kind: Kind, name: string): void;
  /** The source has read `kind`, in all domains, up to this resourceVersion (a decimal integer). */
  progress(kind: Kind, resourceVersion: string): void;
  /** All kinds have been read once. Nothing is compiled before, so that no half-read world is ever served. */
  synced(): void;
}

/** Something that objects are gathered from: a Kubernetes API server or a folder of manifests. */
export interface Source {
  /** Begins to read; resolves when reading is under way, not when everything was read (that is `synced`). */
  start(events: SourceEvents): Promise<void>;
  /** Asks how far everything is, so that `progress` comes within seconds where it would take a minute. */
  hurry?(): void;
  /** Ends all reading; no event comes after it resolves. */
  stop(): Promise<void>;
}
