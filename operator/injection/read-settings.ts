import { parse } from "yaml";
import { messageOf } from "../../engine/errors/message-of.ts";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import { FieldReader } from "./field-reader.ts";
import { readQuantity } from "./quantity.ts";
import {
  defaultInjectionSettings as defaults,
  type InjectionMode,
  type InjectionSettings,
  injectionModes,
  logLevels,
  type SidecarResources,
} from "./settings.ts";

/**
 * The settings of injection from the text of their file, YAML, with defaults for what is left out.
 *
 * @throws SidegateError SG4601 naming the field and what it must be
 */
export function readInjectionSettings(text: string): InjectionSettings {
  const fields = new FieldReader(parseYaml(text));
  const operators = fields.list("operators", isAddress, "addresses HOST:PORT");
  const modes = fields.list("modes", isMode, injectionModes.join(" and "), defaults.modes) as InjectionMode[];
  const settings: InjectionSettings = {
    image: fields.text("image"),
    imagePullPolicy: fields.choice(
      "imagePullPolicy",
      ["Always", "IfNotPresent", "Never"],
      defaults.imagePullPolicy,
    ),
    operators,
    serverName: fields.text("serverName", hostOf(operators[0] as string)),
    trustConfigMap: fields.text("trustConfigMap", defaults.trustConfigMap),
    audience: fields.text("audience", defaults.audience),
    // Kubernetes refuses shorter ones, and caps longer ones at a day or more.
    tokenSeconds: fields.integer("tokenSeconds", 600, 86_400, defaults.tokenSeconds),
    resources: readResources(fields.object("resources")),
    logLevel: fields.choice("logLevel", logLevels, defaults.logLevel),
    shardMemory: fields.textThat("shardMemory", (text) => text === "" || isBytes(text), BYTES, ""),
    dataSize: quantity(fields, "dataSize", defaults.dataSize),
    startupSeconds: fields.integer("startupSeconds", 10, 86_400, defaults.startupSeconds),
    modes,
    defaultMode: fields.choice("defaultMode", modes, modes[0] as InjectionMode),
    whenImpossible: fields.choice("whenImpossible", ["Refuse", "Warn"], defaults.whenImpossible),
    node: readNode(fields.object("node")),
  };
  fields.end();
  return settings;
}

function readResources(fields: FieldReader): SidecarResources {
  const requests = fields.object("requests");
  const limits = fields.object("limits");
  const { cpu, memory } = defaults.resources.requests;
  const cpuLimit = limits.textThat("cpu", (text) => text === "" || isQuantity(text), QUANTITY, "");
  const resources = {
    requests: { cpu: quantity(requests, "cpu", cpu), memory: quantity(requests, "memory", memory) },
    limits: {
      ...(cpuLimit !== "" && { cpu: cpuLimit }),
      memory: quantity(limits, "memory", defaults.resources.limits.memory),
    },
  };
  if (exceeds(resources.requests.memory, resources.limits.memory))
    throw limits.fail("memory", `at least resources.requests.memory, ${resources.requests.memory}`);
  if (cpuLimit !== "" && exceeds(resources.requests.cpu, cpuLimit))
    throw limits.fail("cpu", `at least resources.requests.cpu, ${resources.requests.cpu}`);
  for (const part of [requests, limits, fields]) part.end();
  return resources;
}

function readNode(fields: FieldReader): InjectionSettings["node"] {
  const isAbsolute = (text: string) => text.startsWith("/") && text !== "/" && !text.includes("..");
  const { directory, audience } = defaults.node;
  const node = {
    directory: fields.textThat("directory", isAbsolute, "an absolute path below /", directory),
    audience: fields.text("audience", audience),
  };
  fields.end();
  return node;
}

const QUANTITY = 'a quantity such as "10m" or "64Mi"';

function quantity(fields: FieldReader, name: string, fallback: string): string {
  return fields.textThat(name, isQuantity, QUANTITY, fallback);
}

function isQuantity(text: string): boolean {
  return readQuantity(text) !== undefined;
}

export const BYTES = 'bytes such as "64Mi"';

/** Whether a text is a number of bytes as the sidecar's options take it. */
export function isBytes(text: string): boolean {
  return /^[1-9][0-9]{0,14}(Ki|Mi|Gi)?$/.test(text);
}

/** Whether one quantity is above another. Both are well-formed. */
export function exceeds(quantity: string, other: string): boolean {
  return (readQuantity(quantity) as number) > (readQuantity(other) as number);
}

function isMode(text: string): boolean {
  return (injectionModes as readonly string[]).includes(text);
}

/** "HOST:PORT"; sidecars resolve the host themselves, to all replicas. */
const ADDRESS = /^([^\s:/[\]]+|\[[0-9a-fA-F:]+\]):[0-9]{1,5}$/;

function isAddress(text: string): boolean {
  return ADDRESS.test(text);
}

function hostOf(address: string): string {
  return ADDRESS.exec(address)?.[1] as string;
}

function parseYaml(text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw new SidegateError("SG4601", `it is not YAML: ${messageOf(error)}`, { cause: error });
  }
}
