import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { describe, expect } from "vitest";
import type { Ending } from "../support/processes.ts";
import { type Deployment, LIMIT, test } from "./deployment.ts";

const refused: Ending = { code: 2, signal: null };

/** What somebody else listens at: a port and a socket. */
interface Taken {
  readonly port: string;
  readonly socket: string;
}

/** Listens at a port and a socket while `use` runs. */
async function occupy(folder: string, use: (taken: Taken) => Promise<void>): Promise<void> {
  const socket = join(folder, "taken.sock");
  const [onPort, onSocket] = [createServer(), createServer()];
  await new Promise<void>((resolve) => void onPort.listen(0, "127.0.0.1", resolve));
  await new Promise<void>((resolve) => void onSocket.listen(socket, resolve));
  try {
    await use({ port: `127.0.0.1:${(onPort.address() as AddressInfo).port}`, socket });
  } finally {
    onPort.close();
    onSocket.close();
  }
}

const operator = ({ kubeconfig }: Deployment, ...args: string[]) => [
  ...["operator", "--kubeconfig", kubeconfig, "--listen", "127.0.0.1:0", ...args],
];
const sidecar = (...args: string[]) => [
  ...["sidecar", "--operator", "127.0.0.1:1", "--domain", "shop", "--listen", "127.0.0.1:0", ...args],
];

describe.concurrent("what is in use is told in one message, with exit code 2:", LIMIT, () => {
  test.for<[what: string, code: string, args: (deployment: Deployment, taken: Taken) => string[]]>([
    ["the operator's port for sidecars", "SG3102", (own, { port }) => operator(own, "--listen", port)],
    [
      "the operator's socket for sidecars",
      "SG3102",
      (own, { socket }) => operator(own, "--listen", `unix:${socket}`),
    ],
    ["the operator's port for probes", "SG3102", (own, { port }) => operator(own, "--health", port)],
    ["the sidecar's port for checks", "SG3102", (_, { port }) => sidecar("--listen", port)],
    ["the sidecar's socket for checks", "SG3102", (_, { socket }) => sidecar("--socket", socket)],
    ["the sidecar's port for probes", "SG3102", (_, { port }) => sidecar("--health", port)],
  ])("%s", async ([, code, args], { deploy }) => {
    const deployment = await deploy();
    await occupy(deployment.folder, async (taken) => {
      const command = args(deployment, taken);
      const process = deployment.processes.sidegate(command);
      expect(await process.ended).toEqual(refused);
      const [message = "", remedy, ...rest] = process.stderr
        .split("\n")
        .filter((line) => !line.startsWith("{"));
      expect(message).toMatch(new RegExp(`^error ${code} \\w+: `));
      expect(message).toContain(command.at(-1)?.replace("unix:", ""));
      expect(remedy).toMatch(/^ {2}\w.+\.$/);
      expect([rest, process.stdout]).toEqual([[""], ""]);
    });
  });

  test("the sidecar's directory", async ({ deploy }) => {
    const deployment = await deploy();
    const first = await deployment.startSidecar();
    const second = deployment.processes.sidegate(sidecar("--data-dir", first.directory));
    expect(await second.ended).toEqual(refused);
    expect(second.stderr).toMatch(/^error SG2203 DirectoryInUse: [^\n]+\n {2}[^\n]+\n$/);
    expect(second.stderr).toContain(first.directory);
    expect(await first.health()).toBe("NOT_SERVING");
  });
});
