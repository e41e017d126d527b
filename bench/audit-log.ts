import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** A request as the API server's audit log has it, at the level Metadata. */
export interface AuditedRequest {
  readonly verb: string;
  /** Plural, with a subresource after a slash. */
  readonly resource: string;
  readonly name: string;
  /** When it came, in milliseconds since 1970. */
  readonly at: number;
}

/** Reads the requests of one user off an audit log that goes on being written. */
export class AuditLog {
  readonly #file: number;
  readonly #user: string;
  #offset: number;
  #rest = "";

  /** @param user as the API server calls whoever is looked at */
  constructor(path: string, user: string) {
    this.#file = openSync(path, "r");
    this.#user = user;
    this.#offset = fstatSync(this.#file).size;
  }

  /** The requests that were written down since the last call. */
  read(): AuditedRequest[] {
    const size = fstatSync(this.#file).size;
    const bytes = Buffer.alloc(Math.max(0, size - this.#offset));
    readSync(this.#file, bytes, 0, bytes.length, this.#offset);
    this.#offset += bytes.length;
    const lines = (this.#rest + bytes.toString("utf8")).split("\n");
    this.#rest = lines.pop() ?? "";
    return lines
      .filter((line) => line.includes(this.#user))
      .map((line) => JSON.parse(line))
      .filter(({ user }) => user.username === this.#user)
      .map(toRequest);
  }

  close(): void {
    closeSync(this.#file);
  }
}

interface AuditEvent {
  readonly verb: string;
  readonly objectRef?: { readonly resource?: string; readonly subresource?: string; readonly name?: string };
  readonly requestReceivedTimestamp: string;
}

function toRequest({ verb, objectRef = {}, requestReceivedTimestamp }: AuditEvent): AuditedRequest {
  const { resource = "", subresource, name = "" } = objectRef;
  return {
    verb,
    resource: subresource === undefined ? resource : `${resource}/${subresource}`,
    name,
    at: Date.parse(requestReceivedTimestamp),
  };
}

/** How many requests there are of each verb and resource, the most first. */
export function countRequests(requests: readonly AuditedRequest[]): [what: string, count: number][] {
  const counts = new Map<string, number>();
  for (const { verb, resource } of requests) {
    const what = `${verb} ${resource}`;
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a);
}

/** The most requests about one object within a time, in milliseconds. */
export function mostWithin(requests: readonly AuditedRequest[], ms: number): number {
  const byObject = Map.groupBy(requests, ({ resource, name }) => `${resource} ${name}`);
  let most = 0;
  for (const times of byObject.values()) {
    for (const { at: start } of times)
      most = Math.max(most, times.filter(({ at }) => at >= start && at < start + ms).length);
  }
  return most;
}
