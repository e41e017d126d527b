import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { eventually, Processes, type RunningProcess } from "../../support/processes.ts";
import { ApiServer } from "../api-server.ts";

/** The command lines of the API server that a kubeconfig names and of its etcd. */
interface CommandLines {
  readonly apiServer: readonly string[];
  readonly etcd: readonly string[];
}

/** How the cluster of a kubeconfig was started, where its processes can be seen on this machine; else why they can not. */
export function findCommandLines(kubeconfig: string): CommandLines | string {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const { port } = new URL(config.getCurrentCluster()?.server ?? "https://nowhere");
  if (!existsSync("/proc/self/cmdline")) return "this machine has no /proc to find the API server in";
  const all = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(commandLineOf);
  const apiServer = all.find(
    (args) => args[0]?.endsWith("kube-apiserver") && args.includes(`--secure-port=${port}`),
  );
  const storage = apiServer?.find((arg) => arg.startsWith("--etcd-servers="))?.replace("--etcd-servers=", "");
  const etcd = all.find((args) => args[0]?.endsWith("etcd") && args.includes(storage ?? ""));
  if (apiServer === undefined || etcd === undefined)
    return `no process of this machine is the API server at port ${port}`;
  if (!existsSync(apiServer[0] ?? "") || !existsSync(etcd[0] ?? ""))
    return "the API server runs in a container";
  return { apiServer, etcd };
}

function commandLineOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(0, -1);
  } catch {
    return [];
  }
}

/** An API server and an etcd of a test's own, started as those of the cluster were, that it may kill and start again. */
export class OwnControlPlane {
  readonly #lines: CommandLines;
  readonly #processes = new Processes();
  readonly #folder: string;
  readonly #ports: { readonly api: number; readonly etcd: number; readonly peer: number };
  readonly kubeconfig: string;
  #etcd: RunningProcess | undefined;
  #apiServer: RunningProcess | undefined;

  private constructor(
    lines: CommandLines,
    folder: string,
    ports: { readonly api: number; readonly etcd: number; readonly peer: number },
  ) {
    this.#lines = lines;
    this.#folder = folder;
    this.#ports = ports;
    this.kubeconfig = join(folder, "kubeconfig");
  }

  /** @param kubeconfig of the cluster, whose authority and administrator are used */
  static async start(lines: CommandLines, kubeconfig: string): Promise<OwnControlPlane> {
    const folder = await mkdtemp(join(tmpdir(), "sidegate-control-plane-"));
    const [api, etcd, peer] = (await freePorts(3)) as [number, number, number];
    const plane = new OwnControlPlane(lines, folder, { api, etcd, peer });
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    const described = JSON.parse(config.exportConfig());
    for (const { cluster } of described.clusters) cluster.server = cluster.server.replace(/:\d+$/, `:${api}`);
    await writeFile(plane.kubeconfig, JSON.stringify(described));
    plane.startEtcd();
    await plane.startApiServer();
    return plane;
  }

  /** The private key that service account tokens are signed with. */
  get tokenKey(): string {
    return readFileSync(this.#flag("--service-account-signing-key-file"), "utf8");
  }

  async killApiServer(): Promise<void> {
    await this.#apiServer?.end("SIGKILL");
  }

  async killEtcd(): Promise<void> {
    await this.#etcd?.end("SIGKILL");
  }

  startEtcd(): void {
    const { etcd, peer } = this.#ports;
    const [clientUrl, peerUrl] = [`http://127.0.0.1:${etcd}`, `http://127.0.0.1:${peer}`];
    const [command = ""] = this.#lines.etcd;
    this.#etcd = this.#processes.start(command, [
      ...[
        "--name",
        "test",
        "--data-dir",
        join(this.#folder, "etcd"),
        "--log-level",
        "error",
        "--unsafe-no-fsync",
      ],
      ...["--listen-client-urls", clientUrl, "--advertise-client-urls", clientUrl],
      ...["--listen-peer-urls", peerUrl, "--initial-advertise-peer-urls", peerUrl],
      ...["--initial-cluster", `test=${peerUrl}`],
    ]);
  }

  /** Returns when it serves. */
  async startApiServer(): Promise<void> {
    const { api, etcd } = this.#ports;
    const own = {
      "--secure-port": String(api),
      "--etcd-servers": `http://127.0.0.1:${etcd}`,
      "--endpoint-reconciler-type": "none",
    };
    const [command = "", ...args] = this.#lines.apiServer;
    const kept = args.filter((arg) => !((arg.split("=")[0] as string) in own) && !arg.startsWith("--audit-"));
    const changed = Object.entries(own).map(([flag, value]) => `${flag}=${value}`);
    this.#apiServer = this.#processes.start(command, [...kept, ...changed]);
    await eventually(async () => {
      const { status } = await new ApiServer(this.kubeconfig).call({ method: "GET", path: "/readyz" });
      return status;
    }, 200);
  }

  async stop(): Promise<void> {
    await this.#processes.end();
    await rm(this.#folder, { recursive: true });
  }

  #flag(name: string): string {
    const given = this.#lines.apiServer.find((arg) => arg.startsWith(`${name}=`));
    if (given === undefined) throw new Error(`the API server has no ${name}`);
    return given.slice(name.length + 1);
  }
}

async function freePorts(count: number): Promise<number[]> {
  const listeners = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(listeners.map((listener) => once(listener, "listening")));
  const ports = listeners.map((listener) => (listener.address() as AddressInfo).port);
  await Promise.all(
    listeners.map((listener) => {
      listener.close();
      return once(listener, "close");
    }),
  );
  return ports;
}
