import { eventually } from "../../support/processes.ts";
import { run } from "../../support/run.ts";

/** Where the operator is installed. */
export const NAMESPACE = "sidegate-system";

/** Values that name the image under test. @throws Error when SIDEGATE_IMAGE names none */
export function imageValues(): string[] {
  const [, repository, tag] = /^(.+):([^:/]+)$/.exec(process.env.SIDEGATE_IMAGE ?? "") ?? [];
  if (repository === undefined || tag === undefined)
    throw new Error("SIDEGATE_IMAGE must name an image that the cluster's nodes have, REPOSITORY:TAG");
  return ["--set", `image.repository=${repository}`, "--set", `image.tag=${tag}`];
}

/** Installs the chart, or brings the installation to these values, and waits until it is ready. Arguments as Helm takes them. */
export async function install(...args: readonly string[]): Promise<void> {
  const fixed = [
    "--namespace",
    NAMESPACE,
    "--create-namespace",
    "--wait",
    "--timeout",
    "60s",
    "--reset-values",
  ];
  await run("helm", [
    "upgrade",
    "--install",
    "sidegate",
    "charts/sidegate",
    ...fixed,
    ...imageValues(),
    ...args,
  ]);
}

/** What the chart makes, as Argo CD has it made. */
export function template(...args: readonly string[]): Promise<string> {
  const fixed = ["--namespace", NAMESPACE, "--kube-version", "1.34"];
  return run("helm", ["template", "sidegate", "charts/sidegate", ...fixed, ...imageValues(), ...args]);
}

/** kubectl with arguments that are cut at spaces. */
export function kubectl(commandLine: string, input?: string): Promise<string> {
  return run("kubectl", commandLine.split(" "), { ...(input !== undefined && { input }) });
}

/** Waits until the operator's replicas are those of its Deployment, ready, and no others are left. */
export async function rolledOut(): Promise<void> {
  await kubectl(`rollout status deployment/sidegate-operator --namespace ${NAMESPACE} --timeout=60s`);
}

/** Replaces all replicas of the operator by new ones, and waits until the old ones are gone. */
export async function restartOperator(): Promise<void> {
  const before = await operatorPods();
  await kubectl(`rollout restart deployment/sidegate-operator --namespace ${NAMESPACE}`);
  await rolledOut();
  await eventually(async () => (await operatorPods()).filter((name) => before.includes(name)), []);
}

/** Sets how many replicas the operator is to have, and does not wait for them. */
export async function scaleOperator(replicas: number): Promise<void> {
  await kubectl(`scale deployment/sidegate-operator --replicas=${replicas} --namespace ${NAMESPACE}`);
}

/** The names of the operator's pods that are there, those on their way out as well. */
export async function operatorPods(): Promise<string[]> {
  const selector = "app.kubernetes.io/name=sidegate,app.kubernetes.io/component=operator";
  const names = await kubectl(
    `get pods --namespace ${NAMESPACE} -l ${selector} --output jsonpath={.items[*].metadata.name}`,
  );
  return names === "" ? [] : names.split(" ");
}
