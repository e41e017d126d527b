import { badRequest } from "./api-error.ts";
import { valuesAt } from "./json-path.ts";
import type { KubeObject } from "./kube-object.ts";
import type { ApiRequest } from "./request.ts";
import type { ResourceType } from "./resource-type.ts";

export type Selector = (object: KubeObject) => boolean;

const KEY = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

/** Splits at commas that are not inside parentheses. */
function requirementsOf(text: string): string[] {
  const parts = text.split(/,(?![^(]*\))/).map((part) => part.trim());
  return parts.filter((part) => part !== "");
}

/** Parses a labelSelector: `a=b`, `a==b`, `a!=b`, `a in (b,c)`, `a notin (b)`, `a<1`, `a>1`, `a`, `!a`. Throws 400. */
function parseLabelSelector(text: string): Selector {
  const tests = requirementsOf(text).map(parseRequirement);
  return (object) => tests.every((test) => test(object.metadata.labels ?? {}));
}

function parseRequirement(text: string): (labels: Record<string, string>) => boolean {
  const set = /^(\S+)\s+(in|notin)\s*\(([^()]*)\)$/.exec(text);
  if (set !== null) {
    const [, name, operator, list] = set as unknown as [string, string, string, string];
    const key = checked(name);
    const values = new Set(list.split(",").map((value) => value.trim()));
    if (operator === "in") return (labels) => labels[key] !== undefined && values.has(labels[key]);
    return (labels) => labels[key] === undefined || !values.has(labels[key]);
  }
  const order = /^([^=!<>\s]+)\s*([<>])\s*(-?\d+)$/.exec(text);
  if (order !== null) {
    const [, name, operator, value] = order as unknown as [string, string, string, string];
    const key = checked(name);
    const sign = operator === "<" ? -1 : 1;
    return (labels) => /^-?\d+$/.test(labels[key] ?? "") && sign * (Number(labels[key]) - Number(value)) > 0;
  }
  const comparison = /^([^=!\s]+)\s*(==|=|!=)\s*([^\s=!]*)$/.exec(text);
  if (comparison !== null) {
    const [, name, operator, value] = comparison as unknown as [string, string, string, string];
    const key = checked(name);
    return operator === "!=" ? (labels) => labels[key] !== value : (labels) => labels[key] === value;
  }
  if (text.startsWith("!")) {
    const key = checked(text.slice(1).trim());
    return (labels) => labels[key] === undefined;
  }
  const key = checked(text);
  return (labels) => labels[key] !== undefined;
}

function checked(key: string): string {
  if (!KEY.test(key)) throw badRequest(`unable to parse requirement: ${JSON.stringify(key)} is no label key`);
  return key;
}

/** Parses a fieldSelector over the metadata and the fields that the type allows. Throws 400. */
function parseFieldSelector(text: string, type: ResourceType): Selector {
  const tests = requirementsOf(text).map((requirement): Selector => {
    const match = /^([^=!]+)(==|=|!=)(.*)$/.exec(requirement);
    if (match === null) throw badRequest(`invalid selector: '${text}'; can't understand '${requirement}'`);
    const [, name, operator, value] = match as unknown as [string, string, string, string];
    if (!["metadata.name", "metadata.namespace"].includes(name) && !type.selectable.includes(`.${name}`)) {
      throw badRequest(`field label not supported: ${name}`);
    }
    const read = (object: KubeObject) => String(valuesAt(object, `.${name}`)[0] ?? "");
    return operator === "!=" ? (object) => read(object) !== value : (object) => read(object) === value;
  });
  return (object) => tests.every((test) => test(object));
}

/** Both selectors of a request, or undefined when it has none. */
export function selectorOf({ query, type }: Pick<ApiRequest, "query" | "type">): Selector | undefined {
  const label = query.get("labelSelector");
  const field = query.get("fieldSelector");
  const byLabel = label ? parseLabelSelector(label) : undefined;
  const byField = field ? parseFieldSelector(field, type) : undefined;
  if (byLabel === undefined || byField === undefined) return byLabel ?? byField;
  return (object) => byLabel(object) && byField(object);
}
