import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { projectRoot } from "../support/processes.ts";

/** kubectl, as a user would call it from the project's folder, for one namespace. */
export class Kubectl {
  readonly #env: NodeJS.ProcessEnv;
  readonly #options: readonly string[];

  /** @param kubeconfig a file @param options of every command besides, such as whom to stand for */
  constructor(kubeconfig: string, namespace: string, options: readonly string[] = []) {
    // The test cluster's own kubectl, where the machine has none.
    const path = `${process.env.PATH}:${process.env.HOME}/.cache/sidegate-cluster/bin`;
    this.#env = { HOME: process.env.HOME, PATH: path, KUBECONFIG: kubeconfig };
    this.#options = ["--namespace", namespace, ...options];
  }

  /** Runs a command line, cut at spaces, and returns what it prints. Rejects with what it complains of. */
  run(commandLine: string, input = ""): Promise<string> {
    return this.exec(commandLine.split(" "), input);
  }

  /** The same for arguments with spaces. @param options.withWarnings what goes to standard error comes first */
  async exec(
    args: readonly string[],
    input = "",
    { withWarnings = false }: { readonly withWarnings?: boolean } = {},
  ): Promise<string> {
    const child = spawn("kubectl", [...this.#options, ...args], {
      cwd: projectRoot,
      env: this.#env,
    });
    child.stdin.end(input);
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
    if (code !== 0) throw new Error(`kubectl ${args.join(" ")} ended with ${code}: ${stderr}`);
    return withWarnings ? stderr + stdout : stdout;
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
