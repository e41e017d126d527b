import type { KubeApi, KubeObject, Resource } from "../../operator/kube/kube-api.ts";
import { KubeError } from "../../operator/kube/kube-error.ts";

/** A write as a test sees it. */
export interface Write {
  readonly verb: "create" | "apply" | "patch" | "delete";
  readonly kind: string;
  readonly name: string;
  readonly body: unknown;
}

/** A Kubernetes API that keeps writes instead of doing them, and holds the objects that a test puts. */
export class RecordingApi implements KubeApi {
  readonly writes: Write[] = [];
  /** What the next writes to "verb Kind/name" reject with, in order. */
  readonly failures = new Map<string, Error[]>();
  readonly #objects = new Map<string, KubeObject>();
  #resourceVersion = 1000;

  /** An object for `get`. */
  hold(object: { readonly kind: string; readonly metadata: { readonly name: string } }): void {
    this.#objects.set(`${object.kind}/${object.metadata.name}`, object as unknown as KubeObject);
  }

  async list(): Promise<never> {
    throw new Error("the test lists nothing");
  }

  async watch(): Promise<never> {
    throw new Error("the test watches nothing");
  }

  async get({ kind }: Resource, _namespace: string | undefined, name: string): Promise<KubeObject> {
    const object = this.#objects.get(`${kind}/${name}`);
    if (object === undefined) throw new KubeError(404, "NotFound", `there is no ${kind} ${name}`);
    return object;
  }

  async create({ kind }: Resource, _namespace: string | undefined, object: KubeObject): Promise<KubeObject> {
    return this.#write({ verb: "create", kind, name: object.metadata.name, body: object });
  }

  async apply({ kind }: Resource, object: KubeObject): Promise<KubeObject> {
    return this.#write({ verb: "apply", kind, name: object.metadata.name, body: object });
  }

  async mergePatch(
    { kind }: Resource,
    _namespace: string | undefined,
    name: string,
    body: object,
  ): Promise<KubeObject> {
    return this.#write({ verb: "patch", kind, name, body });
  }

  async delete(
    { kind }: Resource,
    _namespace: string | undefined,
    name: string,
    body?: object,
  ): Promise<void> {
    this.#write({ verb: "delete", kind, name, body });
  }

  #write(write: Write): KubeObject {
    const { verb, kind, name } = write;
    const failure = this.failures.get(`${verb} ${kind}/${name}`)?.shift();
    if (failure !== undefined) throw failure;
    this.writes.push(write);
    return { kind, metadata: { name, resourceVersion: String(++this.#resourceVersion) } };
  }
}
