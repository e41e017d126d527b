import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { eventually, Processes } from "../../support/processes.ts";
import { complaint, run, toolPath } from "../../support/run.ts";
import { bundleAsker } from "./asker/bundle.ts";
import type { Answer, Question, Tally } from "./asker/questions.ts";
import { policy } from "./policy.ts";

/**
 * A namespace that is a domain, with the suites' policy, and pods that ask. Its pods are asked through the API server, by a
 * `kubectl proxy` that stays, so that a question takes milliseconds.
 */
export class Shop {
  readonly namespace = `shop-${randomUUID().slice(0, 8)}`;
  readonly #processes = new Processes();
  #proxy = "";

  /** @param options restricted: enforces the Pod Security standard (default); sync: lets all accounts receive the policy (default) */
  async begin({ maxSeconds = 300, restricted = true, sync = true } = {}): Promise<void> {
    const code = bundleAsker();
    await run("kubectl", ["create", "namespace", this.namespace]);
    if (restricted)
      await this.kubectl(`label namespace ${this.namespace} pod-security.kubernetes.io/enforce=restricted`);
    if (sync) await this.letSync(`--group=system:serviceaccounts:${this.namespace}`);
    await this.create({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "asker" },
      data: { "asker.mjs": await code },
    });
    // A replica that a suite before took away may still be asked for a moment.
    await eventually(() => this.apply(...policy(maxSeconds)).then(() => "applied"), "applied");
    await this.kubectl("wait --for=condition=Accepted arb --all --timeout=60s");
    await this.#startProxy();
  }

  async end(): Promise<void> {
    await this.#processes.end();
    await run("kubectl", ["delete", "namespace", this.namespace, "--timeout=100s"]);
  }

  /** kubectl in this namespace, with arguments that are cut at spaces. */
  kubectl(commandLine: string, input = ""): Promise<string> {
    return run("kubectl", ["--namespace", this.namespace, ...commandLine.split(" ")], { input });
  }

  /** All that kubectl says, warnings and refusals too, whether it succeeds or not. */
  async said(commandLine: string, input = ""): Promise<string> {
    const args = ["--namespace", this.namespace, ...commandLine.split(" ")];
    return run("kubectl", args, { input, withErrors: true }).catch(complaint);
  }

  async apply(...objects: object[]): Promise<void> {
    await this.kubectl("apply -f -", listOf(objects));
  }

  /** What `kubectl apply` says of objects. @param flags such as "--dry-run=server", "--as=erin" */
  applying(objects: object | readonly object[], flags = ""): Promise<string> {
    return this.said(`apply -f -${flags && ` ${flags}`}`, listOf([objects].flat()));
  }

  /** Objects that are too large for what `kubectl apply` writes down. */
  async create(...objects: object[]): Promise<void> {
    await this.kubectl("create -f -", listOf(objects));
  }

  /** @param subject as kubectl takes it: "--serviceaccount=shop:pay" */
  async letSync(subject: string): Promise<void> {
    await this.kubectl(`create rolebinding ${randomUUID()} --clusterrole=sidegate-sync ${subject}`);
  }

  async rolledOut(name: string): Promise<void> {
    await this.kubectl(`rollout status deployment/${name} --timeout=100s`);
  }

  /** The names of a workload's pods that are not on their way out. */
  async pods(app: string): Promise<string[]> {
    const { items } = JSON.parse(await this.kubectl(`get pods -l app=${app} -o json`)) as {
      items: { metadata: { name: string; deletionTimestamp?: string } }[];
    };
    return items
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      .map(({ metadata }) => metadata.name);
  }

  /** What the sidecar of a pod answers its application. */
  ask(pod: string, question: Question): Promise<Answer> {
    return this.request<Answer>(pod, `ask?${new URLSearchParams({ ...question })}`);
  }

  /** The answers in all of several pods: true, false, or why there was none. */
  async askAll(pods: readonly string[], question: Question): Promise<(boolean | string)[]> {
    const answers = await Promise.all(pods.map((pod) => this.ask(pod, question)));
    return answers.map((answer) => ("error" in answer ? answer.error : answer.allowed));
  }

  tally(pod: string): Promise<Tally> {
    return this.request<Tally>(pod, "tally");
  }

  /** One field of an object. @param path without braces: ".status.phase" */
  field(object: string, path: string): Promise<string> {
    return this.kubectl(`get ${object} -o jsonpath={${path}}`);
  }

  /** Asks the application of a pod. */
  async request<T>(pod: string, path: string): Promise<T> {
    return JSON.parse(await this.text(pod, 8080, path)) as T;
  }

  /** What a pod answers to an HTTP request. */
  text(pod: string, port: number, path: string): Promise<string> {
    return this.#fetch(`api/v1/namespaces/${this.namespace}/pods/${pod}:${port}/proxy/${path}`);
  }

  /** Creates one of many objects, without the start of a tool. @param path of the resource, "api/v1/namespaces/shop/pods" */
  async post(path: string, object: object): Promise<void> {
    const headers = { "content-type": "application/json" };
    await this.#fetch(path, { method: "POST", headers, body: JSON.stringify(object) });
  }

  async #fetch(path: string, init?: RequestInit): Promise<string> {
    const response = await fetch(`${this.#proxy}/${path}`, init);
    const body = await response.text();
    if (!response.ok) throw new Error(`${path} is answered with ${response.status}: ${body}`);
    return body;
  }

  async #startProxy(): Promise<void> {
    const { KUBECONFIG } = process.env;
    const env = { PATH: toolPath(), ...(KUBECONFIG !== undefined && { KUBECONFIG }) };
    const proxy = this.#processes.start("kubectl", ["proxy", "--port=0"], { env });
    while (!proxy.stdout.includes("\n")) {
      if (proxy.isGone) throw new Error(`kubectl proxy ended: ${proxy.stderr}`);
      await sleep(20);
    }
    this.#proxy = `http://${proxy.stdout.trim().split(" ").at(-1)}`;
  }
}

const listOf = (items: readonly object[]) => JSON.stringify({ apiVersion: "v1", kind: "List", items });
