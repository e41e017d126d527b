import { randomInt, randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import type { Api, Validator } from "./api.ts";
import { builtinTypes } from "./builtin-types.ts";
import { GarbageCollector } from "./garbage-collector.ts";
import { HttpServer } from "./http-server.ts";
import { kubeconfigOf } from "./kubeconfig.ts";
import { loadCrds } from "./load-crds.ts";
import { NamespaceController } from "./namespace-controller.ts";
import { Objects } from "./objects.ts";
import { RequestFaults } from "./request-faults.ts";
import { requestListener } from "./request-listener.ts";
import type { ResourceType } from "./resource-type.ts";
import { Reviews } from "./reviews.ts";
import { Store } from "./store.ts";
import { validateObject } from "./validate-object.ts";
import { Watches } from "./watches.ts";

/** The CustomResourceDefinitions of the project. */
const crdFolder = fileURLToPath(new URL("../../crds", import.meta.url));

export interface FakeApiServerOptions {
  /** Loopback port; by default any that is free. */
  readonly port?: number;
  /** The custom resources; by default those of crds/. */
  readonly types?: readonly ResourceType[];
  /** By default objects are checked by the schema and the CEL rules of their CustomResourceDefinition. */
  readonly validate?: Validator;
  /** When given, requests must carry it as bearer token. */
  readonly token?: string;
  /** Where resourceVersions start. The default, 990, lets them soon get one more digit. */
  readonly firstRevision?: number;
  /** Changes that watches can go back; default 50,000. */
  readonly historyLimit?: number;
  /** Milliseconds between the bookmarks of a watch; default 60,000, as in the real server. */
  readonly bookmarkIntervalMs?: number;
  /** Whether the garbage collector and the namespace controller run; default true. */
  readonly controllers?: boolean;
  readonly now?: () => Date;
  readonly newUid?: () => string;
}

/** What tests can break. All of it can be undone, and several may be combined. */
interface Faults {
  readonly requests: RequestFaults;
  readonly watches: Watches;
  /** Destroys all connections at once. */
  cut(): void;
  /** Forgets the history, so that older lists and watches expire (410). */
  compact(): void;
  /** Stops listening and destroys all connections; the objects stay. */
  pause(): Promise<void>;
  /** Listens again, on the same port. */
  resume(): Promise<void>;
}

export interface FakeApiServer {
  /** "http://127.0.0.1:PORT" */
  readonly url: string;
  readonly objects: Objects;
  /** Who has which token, and who may do what. */
  readonly reviews: Reviews;
  readonly faults: Faults;
  /** The present resourceVersion. */
  resourceVersion(): string;
  /** The text of a kubeconfig that leads here. */
  kubeconfig(): string;
  stop(): Promise<void>;
}

const SUFFIX = "bcdfghjklmnpqrstvwxz2456789";

/** Starts a fake Kubernetes API server on loopback. */
export async function startFakeApiServer(options: FakeApiServerOptions = {}): Promise<FakeApiServer> {
  const store = new Store(options.firstRevision ?? 990, options.historyLimit ?? 50_000);
  const api: Api = {
    store,
    types: [...builtinTypes, ...(options.types ?? loadCrds(crdFolder))],
    validate: options.validate ?? validateObject,
    reviews: new Reviews(),
    now: options.now ?? (() => new Date()),
    newUid: options.newUid ?? randomUUID,
    newSuffix: () => Array.from({ length: 5 }, () => SUFFIX[randomInt(SUFFIX.length)]).join(""),
  };
  const requests = new RequestFaults();
  const watches = new Watches();
  const settings = { token: options.token, bookmarkIntervalMs: options.bookmarkIntervalMs ?? 60_000 };
  const server = new HttpServer(options.port ?? 0, requestListener({ api, requests, watches, settings }));
  const objects = new Objects(api, "sidegate.dev");
  const controllers =
    options.controllers === false ? [] : [new GarbageCollector(api), new NamespaceController(api)];
  for (const name of ["default", "kube-system"]) {
    objects.put({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
  }
  await server.listen();
  const url = `http://127.0.0.1:${server.port}`;
  return {
    url,
    objects,
    reviews: api.reviews,
    faults: {
      requests,
      watches,
      cut: () => server.cut(),
      compact: () => store.compact(),
      pause: () => server.close(),
      resume: () => server.listen(),
    },
    resourceVersion: () => String(store.revision),
    kubeconfig: () => kubeconfigOf(url, options.token),
    stop: async () => {
      for (const controller of controllers) controller.stop();
      await server.close();
    },
  };
}
