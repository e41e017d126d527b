/** A resource of the API server, as far as paths need it. */
export interface Resource {
  /** The API group; empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
}

/** An object as the API server sends it: nothing but the metadata below has been looked at. */
export interface KubeObject {
  apiVersion?: string;
  kind?: string;
  metadata: KubeMetadata;
  [field: string]: unknown;
}

export interface KubeMetadata {
  name: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  deletionTimestamp?: string;
  finalizers?: string[];
  [field: string]: unknown;
}

export interface ListOptions {
  /** Absent: all namespaces. */
  readonly namespace?: string | undefined;
  /** For example "metadata.name=x", which is also how RBAC allows to list and watch objects of one name only. */
  readonly fieldSelector?: string | undefined;
  /** Objects in one page; 0: all. */
  readonly limit: number;
  /** From the page before. */
  readonly continueToken?: string | undefined;
  readonly signal: AbortSignal;
}

export interface ListPage {
  readonly items: readonly KubeObject[];
  /** What the whole list stands at: the same on each page. */
  readonly resourceVersion: string;
  /** Absent on the last page. */
  readonly continueToken: string | undefined;
}

export interface WatchOptions {
  readonly namespace?: string | undefined;
  readonly fieldSelector?: string | undefined;
  readonly resourceVersion: string;
  /** When the server is to end the watch. */
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
  /** Told when the server has taken the watch up. */
  readonly onOpen?: () => void;
}

export interface WatchEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK";
  readonly object: KubeObject;
}

/** What a write depends on: it fails with a conflict when the object is another by now. */
export interface Preconditions {
  readonly uid?: string | undefined;
  readonly resourceVersion?: string | undefined;
}

export interface ApplyOptions {
  readonly fieldManager: string;
  readonly subresource?: "status";
}

/**
 * The part of the Kubernetes API that the operator uses. All methods reject with `KubeError`, within a deadline of the
 * implementation's, except `watch`, whose end is the caller's business. Calls for cluster-scoped resources leave the
 * namespace undefined.
 */
export interface KubeApi {
  list(resource: Resource, options: ListOptions): Promise<ListPage>;
  /**
   * Watches with bookmarks. Calls `onEvent` in order; resolves when the server ends the watch properly, rejects with an
   * ERROR event's content as `KubeError`, on a broken connection and on anything that can not be read.
   */
  watch(resource: Resource, options: WatchOptions, onEvent: (event: WatchEvent) => void): Promise<void>;
  get(resource: Resource, namespace: string | undefined, name: string): Promise<KubeObject>;
  /** An object without a name, as reviews are, has the name "". */
  create(resource: Resource, namespace: string | undefined, object: KubeObject): Promise<KubeObject>;
  /** Server-side apply, with force: what the field manager declares is its own. */
  apply(resource: Resource, object: KubeObject, options: ApplyOptions): Promise<KubeObject>;
  /** RFC 7386. Give `metadata.resourceVersion` in the patch to make it depend on what was read. */
  mergePatch(
    resource: Resource,
    namespace: string | undefined,
    name: string,
    patch: object,
  ): Promise<KubeObject>;
  delete(
    resource: Resource,
    namespace: string | undefined,
    name: string,
    preconditions?: Preconditions,
  ): Promise<void>;
}
