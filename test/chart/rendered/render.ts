import { parseAllDocuments } from "yaml";
import { run } from "../../support/run.ts";

export const NAMESPACE = "sidegate-system";

/** An object of Kubernetes, with what tests look at of some kinds. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly data?: Readonly<Record<string, string>>;
  readonly rules?: readonly Rule[];
  readonly roleRef?: { readonly kind: string; readonly name: string };
  readonly subjects?: readonly object[];
  readonly webhooks?: readonly { readonly name: string; readonly clientConfig: object }[];
}

/** A rule of a Role or ClusterRole. */
export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/** A Deployment or DaemonSet. */
export interface Workload extends Manifest {
  readonly spec: {
    readonly template: {
      readonly spec: { readonly securityContext: object; readonly containers: readonly Container[] };
    };
  };
}

interface Container {
  readonly args: readonly string[];
  readonly resources: object;
  readonly securityContext: object;
}

const rendered = new Map<string, Promise<string>>();

/** The text that `helm template` makes of the chart, with further arguments such as `--set` and `--values`. */
export function renderText(...args: readonly string[]): Promise<string> {
  const fixed = ["--namespace", NAMESPACE, "--kube-version", "1.34"];
  const key = args.join(" ");
  const known =
    rendered.get(key) ?? run("helm", ["template", "sidegate", "charts/sidegate", ...fixed, ...args]);
  rendered.set(key, known);
  return known;
}

/** The objects that the chart makes. */
export async function render(...args: readonly string[]): Promise<Manifest[]> {
  return readManifests(await renderText(...args));
}

/** The objects of a text of YAML documents. @throws Error for YAML that is broken or names a key twice */
export function readManifests(text: string): Manifest[] {
  return parseAllDocuments(text).flatMap((document) => {
    if (document.errors[0] !== undefined) throw document.errors[0];
    return document.contents === null ? [] : [document.toJS() as Manifest];
  });
}

/** The one object of a kind and name. */
export function pick(manifests: readonly Manifest[], kind: string, name: string): Manifest {
  const found = manifests.filter((manifest) => manifest.kind === kind && manifest.metadata.name === name);
  if (found.length !== 1) throw new Error(`there are ${found.length} ${kind} ${name}`);
  return found[0] as Manifest;
}
