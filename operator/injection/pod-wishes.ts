import { quote } from "../../engine/model/quote.ts";
import { annotations, INJECTED_ANNOTATION } from "./names.ts";
import { readQuantity } from "./quantity.ts";
import { BYTES, exceeds, isBytes } from "./read-settings.ts";
import { type InjectionMode, type InjectionSettings, logLevels, type SidecarResources } from "./settings.ts";

/** What a pod is given, by its annotations and the settings. */
export interface PodWishes {
  readonly mode: InjectionMode;
  /** The domain that its checks are about unless they say otherwise. */
  readonly domain: string;
  readonly resources: SidecarResources;
  readonly logLevel: string;
  /** Empty: all organizations are in memory. */
  readonly shardMemory: string;
}

/** A DNS label (RFC 1123), as names of namespaces are. */
const LABEL = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;

type Annotations = Readonly<Record<string, string>>;

/** What a pod asks for in its annotations, or a sentence that says which one is wrong and what it must be. */
export function readWishes(
  given: Annotations,
  namespace: string,
  settings: InjectionSettings,
): PodWishes | string {
  const { modes, defaultMode } = settings;
  const mode = given[annotations.mode] ?? defaultMode;
  if (!isOneOf(modes, mode)) return wrong(given, annotations.mode, `one of ${modes.join(", ")}`);
  const domain = given[annotations.domain] ?? namespace;
  if (!LABEL.test(domain)) return wrong(given, annotations.domain, "the name of a namespace");
  const logLevel = given[annotations.logLevel] ?? settings.logLevel;
  if (!isOneOf(logLevels, logLevel))
    return wrong(given, annotations.logLevel, `one of ${logLevels.join(", ")}`);
  const shardMemory = given[annotations.shardMemory] ?? settings.shardMemory;
  if (shardMemory !== "" && !isBytes(shardMemory)) return wrong(given, annotations.shardMemory, BYTES);
  const resources = readResources(given, settings.resources);
  return typeof resources === "string" ? resources : { mode, domain, resources, logLevel, shardMemory };
}

function readResources(
  given: Annotations,
  { requests, limits }: SidecarResources,
): SidecarResources | string {
  for (const name of [annotations.cpu, annotations.memory, annotations.memoryLimit]) {
    const text = given[name];
    if (text !== undefined && readQuantity(text) === undefined)
      return wrong(given, name, 'a quantity such as "10m" or "64Mi"');
  }
  const cpu = given[annotations.cpu] ?? requests.cpu;
  const memory = given[annotations.memory] ?? requests.memory;
  const limit = given[annotations.memoryLimit] ?? limits.memory;
  if (exceeds(memory, limit)) {
    return `the sidecar would request more memory (${memory}) than it may use (${limit}); raise the annotation ${annotations.memoryLimit} or lower ${annotations.memory}`;
  }
  if (limits.cpu !== undefined && exceeds(cpu, limits.cpu))
    return wrong(given, annotations.cpu, `at most the limit of the installation, ${limits.cpu}`);
  return {
    requests: { cpu, memory },
    limits: { ...(limits.cpu !== undefined && { cpu: limits.cpu }), memory: limit },
  };
}

/** Warnings about annotations that look like ours and are none: a misspelt one would silently be a default. */
export function warnOfUnknown(given: Annotations): string[] {
  const known: readonly string[] = [...Object.values(annotations), INJECTED_ANNOTATION];
  return Object.keys(given)
    .filter((name) => name.startsWith("sidegate.dev/") && !known.includes(name))
    .map(
      (name) => `The annotation ${name} means nothing on a pod; there are ${known.slice(0, -1).join(", ")}`,
    );
}

function wrong(given: Annotations, name: string, wanted: string): string {
  return `the annotation ${name} is ${quote(given[name] ?? "")}, but must be ${wanted}`;
}

function isOneOf<T extends string>(choices: readonly T[], text: string): text is T {
  return (choices as readonly string[]).includes(text);
}
