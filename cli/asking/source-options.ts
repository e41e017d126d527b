import { type Command, Option } from "commander";
import {
  collectPositions,
  type OutputFormat,
  outputOption,
  type PodName,
  parsePod,
  parseSeconds,
  parseTarget,
} from "../options.ts";

/** Whom commands ask, a sidecar or a folder, and how they print the answer. */
export interface SourceOptions {
  readonly minPosition?: readonly string[];
  readonly domain?: string;
  readonly address: string;
  readonly folder?: string;
  readonly pod?: PodName;
  readonly kubeconfig?: string;
  /** Milliseconds. */
  readonly timeout: number;
  readonly output: OutputFormat;
}

/** Adds these options to a command. @param timeout what the timeout is for */
export function addSourceOptions(command: Command, timeout = "how long to wait for an answer"): Command {
  return command
    .addOption(
      new Option(
        "--min-position <kind:version>",
        "a write that the answer must not be older than (repeatable)",
      ).argParser(collectPositions),
    )
    .option("--domain <name>", "the domain; may be left out where there is one only")
    .addOption(
      new Option("--address <address>", "the sidecar to ask: HOST:PORT or unix:PATH")
        .argParser(parseTarget)
        .default("127.0.0.1:7430")
        .env("SIDEGATE_ADDRESS"),
    )
    .addOption(
      new Option("--folder <folder>", "ask this folder of manifests instead of a sidecar").conflicts([
        "minPosition",
        "timeout",
      ]),
    )
    .addOption(
      new Option(
        "--pod <namespace/name>",
        "ask the sidecar of this pod of a cluster, through a forwarded port",
      )
        .argParser(parsePod)
        .conflicts("folder"),
    )
    .addOption(
      new Option("--kubeconfig <file>", "with --pod; default: KUBECONFIG, then ~/.kube/config").conflicts(
        "folder",
      ),
    )
    .addOption(new Option("--timeout <seconds>", timeout).argParser(parseSeconds).default(5000, "5"))
    .addOption(outputOption());
}

/** Adds the scope in question to a command. */
export function addScopeOption(command: Command): Command {
  return command.requiredOption(
    "--scope <scope>",
    "where: platform, organization/NAME, workspace/NAME or environment/NAME",
  );
}
