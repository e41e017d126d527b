import type {
  KubeApi,
  KubeObject,
  ListOptions,
  ListPage,
  Preconditions,
  Resource,
  WatchEvent,
  WatchOptions,
} from "../../operator/kube/kube-api.ts";
import { KubeError, TransportReason } from "../../operator/kube/kube-error.ts";

type Listener = { readonly kind: string; readonly onEvent: (event: WatchEvent) => void };

/** The state of an API server in memory, for tests of what several clients do to it under a clock that is turned by hand. */
export class MemoryCluster {
  readonly objects = new Map<string, KubeObject>();
  readonly listeners = new Set<Listener>();
  /** "VERB Kind/name" of each request that came through, in order. */
  readonly requests: string[] = [];
  readonly #history: { readonly revision: number; readonly key: string; readonly event: WatchEvent }[] = [];
  #revision = 100;

  get revision(): string {
    return String(this.#revision);
  }

  client(): MemoryApi {
    return new MemoryApi(this);
  }

  store(type: WatchEvent["type"], key: string, object: KubeObject): KubeObject {
    const metadata = { ...object.metadata, resourceVersion: String(++this.#revision) };
    const stored = { ...object, metadata } as KubeObject;
    if (type === "DELETED") this.objects.delete(key);
    else this.objects.set(key, stored);
    const event = { type, object: structuredClone(stored) };
    this.#history.push({ revision: this.#revision, key, event });
    for (const { kind, onEvent } of [...this.listeners]) if (key.startsWith(`${kind}/`)) onEvent(event);
    return structuredClone(stored);
  }

  /** What happened to a kind after a resourceVersion. */
  since(kind: string, resourceVersion: string): WatchEvent[] {
    return this.#history
      .filter(({ revision, key }) => revision > Number(resourceVersion) && key.startsWith(`${kind}/`))
      .map(({ event }) => event);
  }

  /** Tells all watches how far they are. */
  bookmark(): void {
    const object = { metadata: { name: "", resourceVersion: this.revision } };
    for (const { onEvent } of [...this.listeners]) onEvent({ type: "BOOKMARK", object });
  }
}

/** One client of it, which can be cut off. */
export class MemoryApi implements KubeApi {
  /** Requests fail. */
  isCut = false;
  /** Watches are open and bring nothing. */
  isDeaf = false;
  readonly #cluster: MemoryCluster;

  constructor(cluster: MemoryCluster) {
    this.#cluster = cluster;
  }

  async list({ kind }: Resource, { namespace, fieldSelector }: ListOptions): Promise<ListPage> {
    this.#request("list", kind, "");
    const items = [...this.#cluster.objects]
      .filter(([key]) => key.startsWith(`${kind}/${namespace ?? ""}`))
      .filter(([key]) => !fieldSelector || key.endsWith(`/${fieldSelector.replace("metadata.name=", "")}`))
      .map(([, object]) => structuredClone(object));
    return { items, resourceVersion: this.#cluster.revision, continueToken: undefined };
  }

  async watch({ kind }: Resource, options: WatchOptions, onEvent: (event: WatchEvent) => void) {
    this.#request("watch", kind, "");
    const { signal, onOpen, resourceVersion } = options;
    onOpen?.();
    const listener: Listener = {
      kind,
      onEvent: (event) => {
        if (!this.isDeaf && !this.isCut) onEvent(event);
      },
    };
    for (const event of this.#cluster.since(kind, resourceVersion)) listener.onEvent(event);
    this.#cluster.listeners.add(listener);
    return new Promise<void>((_resolve, reject) => {
      signal.addEventListener("abort", () => {
        this.#cluster.listeners.delete(listener);
        reject(new KubeError(0, TransportReason.Unreachable, "aborted"));
      });
    });
  }

  async get({ kind }: Resource, namespace: string | undefined, name: string): Promise<KubeObject> {
    this.#request("get", kind, name);
    return structuredClone(this.#find(kind, namespace, name));
  }

  async create({ kind }: Resource, namespace: string | undefined, object: KubeObject): Promise<KubeObject> {
    const { name } = object.metadata;
    this.#request("create", kind, name);
    const key = keyOf(kind, namespace, name);
    if (this.#cluster.objects.has(key)) throw new KubeError(409, "AlreadyExists", "it exists");
    const metadata = { ...object.metadata, uid: `uid-${this.#cluster.revision}` };
    return this.#cluster.store("ADDED", key, { ...structuredClone(object), metadata });
  }

  async apply({ kind }: Resource, object: KubeObject): Promise<KubeObject> {
    const { name, namespace } = object.metadata;
    this.#request("apply", kind, name);
    return this.#cluster.store("MODIFIED", keyOf(kind, namespace, name), structuredClone(object));
  }

  async mergePatch({ kind }: Resource, namespace: string | undefined, name: string, patch: object) {
    this.#request("patch", kind, name);
    const before = this.#find(kind, namespace, name);
    const wanted = (patch as Partial<KubeObject>).metadata?.resourceVersion;
    if (wanted !== undefined && wanted !== before.metadata.resourceVersion)
      throw new KubeError(409, "Conflict", "it changed");
    const merged = merge(before, patch) as KubeObject;
    return this.#cluster.store("MODIFIED", keyOf(kind, namespace, name), merged);
  }

  async delete({ kind }: Resource, namespace: string | undefined, name: string, wanted?: Preconditions) {
    this.#request("delete", kind, name);
    const before = this.#find(kind, namespace, name);
    const { resourceVersion, uid } = before.metadata;
    if ((wanted?.resourceVersion ?? resourceVersion) !== resourceVersion || (wanted?.uid ?? uid) !== uid)
      throw new KubeError(409, "Conflict", "it changed");
    this.#cluster.store("DELETED", keyOf(kind, namespace, name), before);
  }

  #find(kind: string, namespace: string | undefined, name: string): KubeObject {
    const object = this.#cluster.objects.get(keyOf(kind, namespace, name));
    if (object === undefined) throw new KubeError(404, "NotFound", `there is no ${kind} ${name}`);
    return object;
  }

  #request(verb: string, kind: string, name: string): void {
    if (this.isCut) throw new KubeError(0, TransportReason.Unreachable, "cut off");
    this.#cluster.requests.push(`${verb} ${kind}/${name}`);
  }
}

function keyOf(kind: string, namespace: string | undefined, name: string): string {
  return `${kind}/${namespace ?? ""}/${name}`;
}

/** RFC 7386. */
function merge(target: unknown, patch: unknown): unknown {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return patch;
  const result: Record<string, unknown> = { ...(typeof target === "object" ? target : {}) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else if (value !== undefined) result[key] = merge(result[key], value);
  }
  return result;
}
