import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import { type Answer, ContractApi, type Sent } from "./contract-api.ts";
import { itemsOf, type Json } from "./json.ts";
import type { WatchStream } from "./watch-stream.ts";

export const GROUP = "/apis/sidegate.dev/v1alpha1";
export const MERGE = "application/merge-patch+json";
export const JSON_PATCH = "application/json-patch+json";
export const STRATEGIC = "application/strategic-merge-patch+json";
const APPLY = "application/apply-patch+yaml";
/** How long is waited for what a server does in the background. */
export const EVENTUALLY = { timeout: 45_000, interval: 50 };

export interface Body {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

/** A Workspace, the plainest of the kinds. */
export function workspace(name: string, spec: object = {}, metadata: object = {}): Body {
  const full = { organization: "acme", ...spec };
  return {
    apiVersion: "sidegate.dev/v1alpha1",
    kind: "Workspace",
    metadata: { name, ...metadata },
    spec: full,
  };
}

/** A condition as the CRDs ask for it. */
export function condition(type: string, status: string, more: object = {}): object {
  const lastTransitionTime = "2026-01-01T00:00:00Z";
  return { type, status, reason: "Tested", message: "set by a test", lastTransitionTime, ...more };
}

/** A connection to the server under test and, for each test, a namespace of its own that goes with it. */
export class ContractFixture {
  readonly #connect: () => Promise<string>;
  #api: ContractApi | undefined;
  #namespaces: string[] = [];
  #watches: WatchStream[] = [];
  namespace = "";

  /** @param connect gives the text of a kubeconfig */
  constructor(connect: () => Promise<string>) {
    this.#connect = connect;
  }

  get api(): ContractApi {
    if (this.#api === undefined) throw new Error("the fixture is not set up");
    return this.#api;
  }

  /** The path of this test's objects of a kind. */
  path(plural: string, namespace: string = this.namespace): string {
    return `${GROUP}/namespaces/${namespace}/${plural}`;
  }

  get workspaces(): string {
    return this.path("workspaces");
  }

  async setUp(): Promise<void> {
    this.#api ??= await ContractApi.connect(await this.#connect());
    this.namespace = await this.createNamespace();
  }

  async tearDown(): Promise<void> {
    for (const watch of this.#watches) watch.close();
    this.#watches = [];
    const names = this.#namespaces;
    this.#namespaces = [];
    await Promise.all(names.map((name) => this.#remove(name)));
  }

  /** Deletes a namespace. What a failed test left held by a finalizer is let go, or the namespace would stay. */
  async #remove(name: string): Promise<void> {
    const left = succeeded(await this.get(this.path("workspaces", name)));
    const held = itemsOf(left).filter(({ metadata }) => metadata?.finalizers !== undefined);
    const paths = held.map(({ metadata }) => `${this.path("workspaces", name)}/${metadata?.name}`);
    await Promise.all(paths.map((path) => this.patch(path, { metadata: { finalizers: null } })));
    await this.api.send("DELETE", `/api/v1/namespaces/${name}`);
  }

  async close(): Promise<void> {
    await this.#api?.close();
  }

  async createNamespace(): Promise<string> {
    const name = `contract-${randomUUID().slice(0, 8)}`;
    const body = { apiVersion: "v1", kind: "Namespace", metadata: { name } };
    expect((await this.api.send("POST", "/api/v1/namespaces", { body })).status).toBe(201);
    this.#namespaces.push(name);
    return name;
  }

  get(path: string): Promise<Answer> {
    return this.api.send("GET", path);
  }

  post(path: string, body: unknown, sent: Sent = {}): Promise<Answer> {
    return this.api.send("POST", path, { body, ...sent });
  }

  put(path: string, body: unknown): Promise<Answer> {
    return this.api.send("PUT", path, { body });
  }

  patch(path: string, body: unknown, contentType: string = MERGE): Promise<Answer> {
    return this.api.send("PATCH", path, { body, contentType });
  }

  /** Server-side apply by a manager. */
  apply(path: string, manager: string, body: unknown, query = ""): Promise<Answer> {
    return this.patch(`${path}?fieldManager=${manager}${query}`, body, APPLY);
  }

  delete(path: string, options?: object): Promise<Answer> {
    return this.api.send(
      "DELETE",
      path,
      options && { body: { apiVersion: "v1", kind: "DeleteOptions", ...options } },
    );
  }

  /** Creates Workspaces of these names, one after the other, and returns them. */
  async create(...names: string[]): Promise<Json[]> {
    const created: Json[] = [];
    for (const name of names) created.push(succeeded(await this.post(this.workspaces, workspace(name))));
    return created;
  }

  /** Opens a watch that is closed after the test. */
  async watch(path: string, query: string): Promise<WatchStream> {
    const stream = await this.api.watch(`${path}?watch=true&${query}`);
    this.#watches.push(stream);
    return stream;
  }

  /** The path and the state of a Lease of this test. */
  get leases(): string {
    return `/apis/coordination.k8s.io/v1/namespaces/${this.namespace}/leases`;
  }

  /** Waits until an object is gone. */
  async gone(path: string): Promise<void> {
    await expect.poll(async () => (await this.get(path)).status, EVENTUALLY).toBe(404);
  }
}

/** The body of an answer that must be a success. */
export function succeeded(answer: Answer): Json {
  expect(answer.status, answer.text).toBeLessThan(300);
  return answer.body;
}

/** Expects a Status of the kind Failure and returns it. */
export function refused(answer: Answer, code: number, reason: string | undefined): Json {
  expect(answer.status, answer.text).toBe(code);
  const shape = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", code };
  expect(answer.body).toMatchObject(reason === undefined ? shape : { ...shape, reason });
  expect(answer.body.message).toBeTypeOf("string");
  return answer.body;
}
