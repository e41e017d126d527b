import { InvalidArgumentError } from "commander";
import { isDeeperThan, type JsonObject, type JsonValue } from "../../engine/model/json.ts";
import { limits } from "../../engine/model/limits.ts";
import { parseJsonObject } from "../options.ts";

/**
 * Collects facts for conditions, each a text (`team=red`), another JSON value (`level:=3`) or a JSON object of several
 * (`{"level": 3}`). Of several with one name the last counts.
 */
export function collectFacts(text: string, previous: JsonObject | undefined): JsonObject {
  const entries = entriesOf(text);
  const { attributeDepth } = limits;
  if (entries.some(([, value]) => isDeeperThan(value, attributeDepth)))
    throw new InvalidArgumentError(`It is nested more than ${attributeDepth} deep.`);
  return Object.fromEntries([...Object.entries(previous ?? {}), ...entries]);
}

function entriesOf(text: string): [string, JsonValue][] {
  if (/^\s*[[{]/.test(text)) return Object.entries(parseJsonObject(text));
  const [, name = "", isJson, value = ""] = /^([^=:]+)(:?)=(.*)$/s.exec(text) ?? [];
  if (name === "") {
    throw new InvalidArgumentError("Write NAME=TEXT, NAME:=JSON or a JSON object, for example ip=10.0.0.1.");
  }
  return [[name, isJson === ":" ? parseJson(value) : value]];
}

function parseJson(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    throw new InvalidArgumentError(`It is no JSON: ${(error as Error).message}.`);
  }
}
