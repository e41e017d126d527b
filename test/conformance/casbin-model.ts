import type { CasbinDefinitions } from "./casbin-data.ts";
import { patternFunctions } from "./casbin-patterns.ts";

/** How one field of a request is held against a policy's: by the functions of `patternFunctions`, any of them. */
type Functions = readonly string[];

/** A model that can be said in Sidegate's terms. */
export interface CasbinModel {
  /** The fields of requests and policies, in order: sub, dom, obj, act, eft and so on. */
  readonly request: readonly string[];
  readonly policy: readonly string[];
  /** Who a policy is for: everybody, its subject, who has its role, who stands in a relation, or by an expression. */
  readonly subject: "everybody" | "equal" | "roles" | "relation" | "expression";
  /** Whether roles are had in the domain of the request, in that of the resource, or everywhere. */
  readonly roleDomain?: "request" | "resource";
  readonly domain?: Functions;
  readonly object: Functions | "any" | "groups" | "groupsInDomain" | "expression";
  readonly act: Functions;
  /** Who or what needs no policy. */
  readonly free: readonly { readonly subject?: string; readonly objects?: readonly string[] }[];
  /** Whether everything is allowed that no policy denies. */
  readonly allowsByDefault: boolean;
}

/** Why a model can not be said in Sidegate's terms. */
export interface Unsaid {
  readonly reason: string;
}

const EFFECTS: Readonly<Record<string, boolean>> = {
  "some(where (p.eft == allow))": false,
  "some(where (p.eft == allow)) && !some(where (p.eft == deny))": false,
  "!some(where (p.eft == deny))": true,
};

/** Reads a model's definitions. */
export function readModel(definitions: CasbinDefinitions): CasbinModel | Unsaid {
  if (definitions.e.startsWith("priority(")) return { reason: reasons.priority };
  const allowsByDefault = EFFECTS[clean(definitions.e)];
  if (allowsByDefault === undefined) return { reason: `the effect ${definitions.e}` };
  const [main, ...others] = splitAt(clean(definitions.m), "||");
  const model: Mutable<CasbinModel> = {
    ...{ request: fieldsOf(definitions.r), policy: fieldsOf(definitions.p) },
    ...{ subject: "everybody", object: "any", act: ["equal"], free: others.map(readFree), allowsByDefault },
  };
  for (const conjunct of splitAt(main!, "&&")) {
    const reason = addConjunct(model, conjunct);
    if (reason !== undefined) return { reason };
  }
  return model;
}

export const reasons = {
  priority: "The first policy that matches decides, or the one with the lowest number (`priority`).",
  network: "The subject is an address and a policy names a network (`ipMatch`).",
  program: "A function of the program decides: a matching function, a condition of a link or a role manager.",
  switchedOff: "Enforcement is switched off and everything is allowed (`EnableEnforce(false)`).",
} as const;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What one condition of a matcher makes of the model; a reason where it can not be said. */
function addConjunct(model: Mutable<CasbinModel>, conjunct: string): string | undefined {
  const known = fixed[conjunct];
  if (known !== undefined) return void Object.assign(model, known);
  const pairs = splitAt(conjunct.replace(/^\((.*)\)$/, "$1"), "||").map((part) => readPair(part));
  const field = pairs[0]?.field;
  const names = pairs.map((pair) => pair?.by ?? "");
  if (names.includes("ipmatch")) return reasons.network;
  if (names.some((name) => patternFunctions[name] === undefined)) return reasons.program;
  if (field === "sub") model.subject = "equal";
  else if (field === "dom") model.domain = names;
  else if (field === "obj") model.object = names;
  else if (field === "act") model.act = names;
  else return `the condition ${conjunct}`;
  return undefined;
}

const fixed: Readonly<Record<string, Partial<CasbinModel>>> = {
  "g(r.sub, p.sub)": { subject: "roles" },
  "g(r.sub, p.sub, r.dom)": { subject: "roles", roleDomain: "request" },
  "g(r.sub, p.sub, p.dom)": { subject: "roles", roleDomain: "resource" },
  "g2(r.obj, p.dom)": { domain: ["equal"] },
  "g(r.sub, r.obj, p.role)": { subject: "relation" },
  "g2(r.obj, p.obj_type)": {},
  "g2(r.obj, p.obj)": { object: "groups" },
  "g(r.obj, p.obj, r.dom)": { object: "groupsInDomain" },
  "eval(p.sub_rule)": { subject: "expression" },
  "eval(p.obj_rule)": { object: "expression" },
  "(p.act == '*' || r.act == p.act)": { act: ["equal"] },
};

/** Reads `r.obj == p.obj` and `keyMatch(r.obj, p.obj)`. */
function readPair(text: string): { readonly field: string; readonly by: string } | undefined {
  const equal = /^r\.(\w+) == p\.\1$/.exec(text);
  if (equal) return { field: equal[1]!, by: "equal" };
  const call = /^(\w+)\(r\.(\w+), p\.\2\)$/.exec(text);
  return call ? { field: call[2]!, by: call[1]!.toLowerCase() } : undefined;
}

function readFree(text: string): CasbinModel["free"][number] {
  const values = [...text.matchAll(/["']([^"']+)["']/g)].map(([, value]) => value!);
  return text.startsWith("r.sub ==") ? { subject: values[0]! } : { objects: values };
}

function fieldsOf(definition: string): string[] {
  return clean(definition).split(/\s*,\s*/);
}

/** Without comment, and with the domain called `dom`. */
function clean(text: string): string {
  return text
    .replace(/[;#].*$/, "")
    .replace(/\b(dom1|tenant)\b/g, "dom")
    .trim();
}

/** Splits at an operator that stands outside of parentheses. */
function splitAt(text: string, operator: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "(") depth++;
    if (text[i] === ")") depth--;
    if (depth > 0 || !text.startsWith(operator, i)) continue;
    parts.push(text.slice(start, i).trim());
    start = i + operator.length;
  }
  return [...parts, text.slice(start).trim()];
}
