import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CheckRequest } from "../proto/generated/decision.js";
import type { BenchmarkContext } from "./benchmark.ts";
import { CheckClient } from "./check-client.ts";
import { startCommand } from "./child-processes.ts";
import { freePort, untilListening } from "./free-port.ts";
import { pauseMs } from "./pause.ts";
import { planChange, STRANGER } from "./plan-change.ts";
import { measurePatches } from "./propagation-cluster.ts";
import { bindingName, DOMAIN, userName } from "./world-plan.ts";
import { organizationFile, writeWorld } from "./write-world.ts";

const TARGET_MS = 150;
/** How often the answer is asked for. */
const POLL_MS = 1;

/** From a change until the sidecar answers by it: a manifest that is saved, and an object that is patched. */
export async function measurePropagation(context: BenchmarkContext): Promise<void> {
  await measurePreset(context);
  await measureLargeFolder(context);
  await measurePatches(context);
  context.note(`The answer was asked for every ${POLL_MS} ms.`);
}

/** A file whose content decides on a request. */
interface Toggle {
  readonly file: string;
  readonly request: Buffer;
  /** By it the request is allowed. */
  readonly allowing: string;
  readonly denying: string;
}

async function measurePreset(context: BenchmarkContext): Promise<void> {
  const folder = join(context.directory, "redox");
  cpSync(join(import.meta.dirname, "../presets/redox"), folder, { recursive: true });
  const file = join(folder, "visitor.yaml");
  // She has no other role there: of two, the preset's constraint would void this one.
  const manifests = (role: string) => `apiVersion: sidegate.dev/v1alpha1
kind: AccessRoleBinding
metadata:
  name: visitor
spec:
  role: ${role}
  subjects:
    - kind: User
      name: elena
  scope:
    kind: Environment
    name: acme-development
`;
  const request = CheckRequest.encode({
    subject: { kind: "User", name: "elena" },
    permission: "connections:manage",
    scope: "environment/acme-development",
  }).finish();
  const toggle = { file, request, allowing: manifests("engineer"), denying: manifests("observer") };
  const samples = await timeSaves(context, folder, "default", toggle, context.isSmall ? 5 : 40);
  context.report({ what: "manifest saved, presets/redox", unit: "ms", samples, target: TARGET_MS });
}

async function measureLargeFolder(context: BenchmarkContext): Promise<void> {
  const folder = join(context.directory, "large");
  const size = { organizations: 100, bindings: context.isSmall ? 10_000 : 100_000 };
  writeWorld(folder, size);
  const { change, request } = planChange(size, 0);
  const file = organizationFile(folder, change.organization);
  const allowing = readFileSync(file, "utf8");
  const member = userName(change.organization, change.member);
  const binding = `name: ${bindingName(change.organization, change.member, change.binding)}\n`;
  const at = allowing.indexOf(member, allowing.indexOf(binding));
  const denying = allowing.slice(0, at) + STRANGER + allowing.slice(at + member.length);
  const toggle = { file, request, allowing, denying };
  const samples = await timeSaves(context, folder, DOMAIN, toggle, context.isSmall ? 5 : 30);
  context.report({ what: `manifest saved, folder of ${size.bindings} bindings`, unit: "ms", samples });
}

/** Saves there and back while `sidegate dev` runs. Returns milliseconds from each save until the answer follows. */
async function timeSaves(
  { directory }: BenchmarkContext,
  folder: string,
  domain: string,
  { file, request, allowing, denying }: Toggle,
  rounds: number,
): Promise<number[]> {
  writeFileSync(file, allowing);
  const port = await freePort();
  using dev = startCommand(
    ...["dev", folder, "--domain", domain, "--port", String(port)],
    ...["--socket", join(directory, "dev.sock")],
  );
  await untilListening(port, () => dev.check());
  using client = new CheckClient(`127.0.0.1:${port}`);
  await client.until(request, true);
  const times: number[] = [];
  for (let round = -WARM_UP; round < rounds; round++) {
    await pauseMs(REST_MS + Math.random() * REST_MS);
    const allowed = round % 2 === 0;
    const start = performance.now();
    writeFileSync(file, allowed ? allowing : denying);
    await client.until(request, allowed, POLL_MS);
    if (round >= 0) times.push(performance.now() - start);
  }
  await dev.stop();
  return times;
}

const WARM_UP = 3;
/** Between two saves, so that each is a change of its own and in no step with anything. */
const REST_MS = 200;
