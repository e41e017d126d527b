import { type RunOptions, run } from "../support/run.ts";

/** kubectl, as a user would call it from the project's folder, for one namespace. */
export class Kubectl {
  readonly #env: NodeJS.ProcessEnv;
  readonly #options: readonly string[];

  /** @param kubeconfig a file @param options of every command besides, such as whom to stand for */
  constructor(kubeconfig: string, namespace: string, options: readonly string[] = []) {
    this.#env = { KUBECONFIG: kubeconfig };
    this.#options = ["--namespace", namespace, ...options];
  }

  /** Runs a command line, cut at spaces, and returns what it prints. Rejects with what it complains of. */
  run(commandLine: string, input = ""): Promise<string> {
    return this.exec(commandLine.split(" "), input);
  }

  /** The same for arguments with spaces. */
  exec(args: readonly string[], input = "", options: Pick<RunOptions, "withErrors"> = {}): Promise<string> {
    return run("kubectl", [...this.#options, ...args], { ...options, input, env: this.#env });
  }

  /** `kubectl apply` of manifests; returns the consistency tokens of the writes. */
  async apply(...manifests: readonly object[]): Promise<string[]> {
    const items = manifests.map((manifest) => ({ apiVersion: "sidegate.dev/v1alpha1", ...manifest }));
    const list = JSON.stringify({ apiVersion: "v1", kind: "List", items });
    return this.#tokens(["apply", "-f", "-"], list);
  }

  /** `kubectl patch --type=merge`; returns the consistency token of the write. */
  async patch(resource: string, name: string, patch: object): Promise<string[]> {
    return this.#tokens(["patch", resource, name, "--type=merge", "-p", JSON.stringify(patch)]);
  }

  async #tokens(args: readonly string[], input?: string): Promise<string[]> {
    const format =
      "{.kind}:{.metadata.resourceVersion} {range .items[*]}{.kind}:{.metadata.resourceVersion} {end}";
    const written = await this.exec([...args, "-o", `jsonpath=${format}`], input);
    return written.split(" ").filter((token) => /^[A-Z]\w+:\d+$/.test(token));
  }
}
