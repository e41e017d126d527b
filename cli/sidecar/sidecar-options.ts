import { Option } from "commander";
import { parseMode } from "../options.ts";

/** The options by which others reach a sidecar, besides where it answers checks. @param health its default in words */
export function reachOptions(health: string): Option[] {
  return [
    new Option("--socket-mode <octal>", "who may use the socket")
      .argParser(parseMode)
      .default(0o666, "666")
      .env("SIDEGATE_SOCKET_MODE"),
    new Option("--health <address>", `HOST:PORT for gRPC health checks; default: ${health}`).env(
      "SIDEGATE_HEALTH",
    ),
    new Option("--metrics <address>", "HOST:PORT for Prometheus' scrapes; default: nowhere").env(
      "SIDEGATE_METRICS",
    ),
    new Option("--data-dir <folder>", "keep the last known good policies here; default: nowhere").env(
      "SIDEGATE_DATA_DIR",
    ),
  ];
}

/** The name by which a sidecar is known to the operator. */
export function nameOption(): Option {
  return new Option("--name <name>", "a name that no other sidecar has; default: host and process").env(
    "SIDEGATE_NAME",
  );
}
