#!/usr/bin/env node
import { KubeConfig } from "@kubernetes/client-node";
import { Command, Option } from "commander";
import { pino } from "pino";
import { SidegateError } from "../engine/errors/sidegate-error.ts";
import { createSystemClock } from "../host/clock.ts";
import { startKubernetesOperator } from "./kubernetes-operator.ts";
import type { Operator } from "./operator.ts";

interface Arguments {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: string;
  readonly listen: string;
  readonly health?: string;
  readonly logLevel: string;
}

const command = new Command("operator")
  .description("Compiles the Sidegate objects of a cluster and delivers them to sidecars.")
  .addOption(
    new Option("--kubeconfig <FILE>", "default: $KUBECONFIG, ~/.kube/config, then the pod's service account"),
  )
  .addOption(new Option("--context <NAME>", "context of the kubeconfig; default: its current one"))
  .addOption(
    new Option("--namespace <NAME>", "serve this namespace only; default: all").env("SIDEGATE_NAMESPACE"),
  )
  .addOption(
    new Option("--listen <ADDRESS>", "HOST:PORT or unix:PATH for sidecars")
      .default("127.0.0.1:7440")
      .env("SIDEGATE_LISTEN"),
  )
  .addOption(
    new Option("--health <ADDRESS>", "HOST:PORT for /healthz, /readyz and /metrics; default: none").env(
      "SIDEGATE_HEALTH",
    ),
  )
  .addOption(
    new Option("--log-level <LEVEL>", "how much to log")
      .choices(["debug", "info", "warn", "error"])
      .default("info")
      .env("SIDEGATE_LOG_LEVEL"),
  );

try {
  await run(command.parse().opts<Arguments>());
} catch (error) {
  fail(error);
}

async function run({ kubeconfig, context, namespace, listen, health, logLevel }: Arguments): Promise<void> {
  const log = pino({ level: logLevel });
  let operator: Operator | undefined;
  let _stopping: Promise<void> | undefined;
  const stop = (code: number) => {
    _stopping ??= (operator?.stop() ?? Promise.resolve()).finally(() => process.exit(code));
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stop(0));
  operator = await startKubernetesOperator({
    kubeconfig: loadKubeconfig(kubeconfig, context),
    namespace,
    listen,
    health,
    clock: createSystemClock(),
    random: Math.random,
    log,
    onFatal(error) {
      log.fatal({ code: error.code, error: error.message, remedy: error.remedy }, "Can not go on");
      stop(1);
    },
  });
}

function loadKubeconfig(file: string | undefined, context: string | undefined): KubeConfig {
  const config = new KubeConfig();
  try {
    if (file === undefined) config.loadFromDefault();
    else config.loadFromFile(file);
  } catch (cause) {
    const detail = `${file ?? process.env.KUBECONFIG ?? "the default kubeconfig"}: ${(cause as Error).message}`;
    throw new SidegateError("SG4005", detail, { cause });
  }
  if (context !== undefined) config.setCurrentContext(context);
  return config;
}

function fail(error: unknown): never {
  if (!(error instanceof SidegateError)) throw error;
  process.stderr.write(`error ${error.code}: ${error.message}\n${error.remedy}\n`);
  process.exit(2);
}
