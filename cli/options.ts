import { InvalidArgumentError, Option } from "commander";
import { limits } from "../engine/model/limits.ts";
import { isResourceVersion } from "../engine/model/position.ts";
import type { CertificateOrigin } from "../operator/installation.ts";
import type { JsonObject } from "../proto/struct.ts";

/** Options that several commands have, and what their values must look like. */

/** The domain of manifests that have no namespace. */
export const DEFAULT_DOMAIN = "default";

export type OutputFormat = "table" | "json" | "yaml";

export function outputOption(): Option {
  return new Option("-o, --output <format>", "how to print the result")
    .choices(["table", "json", "yaml"])
    .default("table");
}

export function logLevelOption(level: string): Option {
  return new Option("--log-level <level>", "how much to log")
    .choices(["debug", "info", "warn", "error", "silent"])
    .default(level)
    .env("SIDEGATE_LOG_LEVEL");
}

/** For options that may be given several times; the environment variable holds several with commas between them. */
export function collect(value: string, previous: readonly string[] | undefined): string[] {
  return [...(previous ?? []), ...value.split(",").filter((part) => part !== "")];
}

/** As `collect`, for names that may hold commas. */
export function collectWhole(value: string, previous: readonly string[] | undefined): string[] {
  return [...(previous ?? []), value];
}

export interface SubjectOption {
  readonly kind: "User" | "ServiceAccount";
  readonly name: string;
}

/** "user:ada", "serviceaccount:shop/importer". */
export function parseSubject(text: string): SubjectOption {
  const [, prefix = "", name = ""] = /^([^:]*):(.*)$/s.exec(text) ?? [];
  const kind = { user: "User", serviceaccount: "ServiceAccount" }[prefix.toLowerCase()] as
    | SubjectOption["kind"]
    | undefined;
  if (kind === undefined || name === "") {
    throw new InvalidArgumentError("Write user:NAME or serviceaccount:NAMESPACE/NAME.");
  }
  return { kind, name };
}

export function parseJsonObject(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InvalidArgumentError(`It is no JSON: ${(error as Error).message}.`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new InvalidArgumentError('Write a JSON object, for example \'{"ip": "10.0.0.1"}\'.');
  }
  return value as JsonObject;
}

/** Collects "AccessRoleBinding:1234". */
export function collectPositions(text: string, previous: readonly string[] | undefined): string[] {
  const [, version = ""] = /^[A-Za-z]+:(.*)$/.exec(text) ?? [];
  if (!isResourceVersion(version)) {
    throw new InvalidArgumentError("Write KIND:RESOURCEVERSION, for example AccessRoleBinding:1234.");
  }
  const all = [...(previous ?? []), text];
  if (all.length > limits.minPosition)
    throw new InvalidArgumentError(`At most ${limits.minPosition} may be given.`);
  return all;
}

export function parsePort(text: string): number {
  const port = /^[0-9]{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535))
    throw new InvalidArgumentError("Write a number from 0 to 65535; 0 takes any free port.");
  return port;
}

/** A whole number above zero, at most a day's seconds. */
export function parseCount(text: string): number {
  const count = /^[0-9]{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(count >= 1 && count <= 86_400)) throw new InvalidArgumentError("Write a number from 1 to 86400.");
  return count;
}

/** Seconds, as milliseconds. */
export function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (!(seconds > 0 && seconds <= 3600))
    throw new InvalidArgumentError("Write seconds, more than 0 and at most 3600.");
  return seconds * 1000;
}

/** A number of bytes as Kubernetes writes quantities: "67108864", "64Mi". */
export function parseBytes(text: string): number {
  const [, digits, unit = ""] = /^([1-9][0-9]{0,14})(Ki|Mi|Gi)?$/.exec(text) ?? [];
  if (digits === undefined) throw new InvalidArgumentError("Write a number of bytes, for example 64Mi.");
  return Number(digits) * 1024 ** ["", "Ki", "Mi", "Gi"].indexOf(unit);
}

/** An octal file mode such as 666. */
export function parseMode(text: string): number {
  if (!/^0?[0-7]{3}$/.test(text))
    throw new InvalidArgumentError("Write three octal digits, for example 660.");
  return Number.parseInt(text, 8);
}

/** Where a sidecar answers, as gRPC clients take it. */
export function parseTarget(text: string): string {
  if (/^unix:(?:\/\/)?\/?[^/].*$/.test(text) || /^(?:\[[0-9a-fA-F:.]+\]|[^:[\]\s/]+):[0-9]{1,5}$/.test(text))
    return text;
  throw new InvalidArgumentError("Write HOST:PORT or unix:PATH.");
}

/** Where an operator's certificates come from: "own" or "secret:NAME". */
export function parseCertificates(text: string): CertificateOrigin {
  if (text === "own") return { from: "own" };
  const [, name] = /^secret:([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?)$/.exec(text) ?? [];
  if (name === undefined) throw new InvalidArgumentError("Write own or secret:NAME.");
  return { from: "secret", name };
}

/** A pod of a cluster. */
export interface PodName {
  readonly namespace: string;
  readonly pod: string;
}

/** "shop/web-1". */
export function parsePod(text: string): PodName {
  const [, namespace, pod] =
    /^([a-z0-9](?:[-a-z0-9]*[a-z0-9])?)\/([a-z0-9](?:[-a-z0-9.]*[a-z0-9])?)$/.exec(text) ?? [];
  if (namespace === undefined || pod === undefined)
    throw new InvalidArgumentError("Write NAMESPACE/NAME, for example shop/web-5d8f7-x2x9k.");
  return { namespace, pod };
}
