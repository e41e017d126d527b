import { join } from "node:path";
import type { Logger } from "pino";
import type { SidegateError } from "../../engine/errors/sidegate-error.ts";
import type { InClusterOptions } from "../../operator/installation.ts";
import { startKubernetesOperator } from "../../operator/kubernetes-operator.ts";
import { type Operator, startOperator } from "../../operator/operator.ts";
import type { SourceReports } from "../../operator/operator-options.ts";
import {
  type FolderReport,
  FolderSource,
  type FolderSourceOptions,
} from "../../operator/source/folder/folder-source.ts";
import { type CliContext, exitCodes } from "../cli-context.ts";
import type { OperatorCommandOptions } from "../command-options.ts";
import { createValidator } from "../folder/read-folder.ts";
import { loadKubeconfig } from "../load-kubeconfig.ts";

/** Delivers policies until the process is asked to stop or can not go on. */
export async function runOperator(options: OperatorCommandOptions, context: CliContext): Promise<void> {
  const logger = await context.createLog(options.logLevel);
  let fail: (error: SidegateError) => void = () => {};
  const ended = new Promise<SidegateError | undefined>((resolve) => {
    fail = resolve;
    context.stopping.addEventListener("abort", () => resolve(undefined));
    if (context.stopping.aborted) resolve(undefined);
  });
  const operator = await start(options, context, logger, (error) => fail(error)).catch((error: unknown) => {
    // Asked to stop before it had begun.
    if (!context.stopping.aborted) throw error;
  });
  const error = await ended;
  await operator?.stop();
  if (error !== undefined) throw error;
  context.exit(exitCodes.ok);
}

function start(
  options: OperatorCommandOptions,
  { clock, random, stopping }: CliContext,
  logger: Logger,
  onFatal: (error: SidegateError) => void,
): Promise<Operator> {
  const { source, listen, health, metrics, admin, namespace } = options;
  if (source !== undefined) {
    const createSource = ({ onContact }: SourceReports) =>
      createFolderSource(source, options, { clock, logger, onContact });
    return startOperator({ createSource, listen, health, metrics, admin, clock, random, logger, onFatal });
  }
  const kubeconfig = loadKubeconfig(options.kubeconfig, options.context);
  return startKubernetesOperator({
    ...{ kubeconfig, namespace, listen, health, metrics, admin, clock, random, logger, onFatal },
    ...{ inCluster: inClusterOptions(options), stopping },
  });
}

/** What the replica of an installation is told; undefined for an operator that is the only one. */
function inClusterOptions(options: OperatorCommandOptions): InClusterOptions | undefined {
  const { replica, releaseNamespace: namespace, service, webhooks, injection, certificates } = options;
  if (replica === undefined) return undefined;
  const { validatingWebhook: validatingWebhooks, mutatingWebhook: mutatingWebhooks } = options;
  return {
    ...{ namespace, replica, service, webhooks, validatingWebhooks, mutatingWebhooks, injection },
    ...{ certificates, graceMs: options.grace },
  };
}

function createFolderSource(
  folder: string,
  { domain, dataDir }: OperatorCommandOptions,
  tools: Pick<FolderSourceOptions, "clock" | "logger"> & Pick<SourceReports, "onContact">,
): FolderSource {
  return new FolderSource({
    ...tools,
    folder,
    domain,
    validator: createValidator(),
    report: (report) => logReport(tools.logger, folder, report),
    ...(dataDir !== undefined && { numberFile: join(dataDir, "load-number") }),
  });
}

function logReport(logger: Logger, folder: string, report: FolderReport): void {
  const ms = Math.round(report.ms);
  if (report.outcome === "Loaded") {
    const { resourceVersion, put, removed, manifests, foreign } = report;
    const counts = { manifests: manifests.size, put, removed, foreign: foreign.length };
    logger.info({ folder, resourceVersion, ...counts, ms }, "Loaded a folder");
    return;
  }
  for (const { code, file, line, object, path, message } of report.problems) {
    logger.error({ folder, code, file, line, object, field: path, problem: message }, "A manifest is broken");
  }
  const { problemCount: problems, hasPolicy } = report;
  logger.error({ folder, problems, hasPolicy, ms }, "A folder is broken; what was loaded before stays");
}
