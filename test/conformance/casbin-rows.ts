import type { CasbinRow } from "./casbin-data.ts";
import type { CasbinModel } from "./casbin-model.ts";
import { patternFunctions } from "./casbin-patterns.ts";
import type { CasbinState } from "./casbin-replay.ts";

/** A policy row with its fields by name, as far as the model has them. */
export interface Policy {
  readonly sub?: string;
  readonly dom?: string;
  readonly obj?: string;
  readonly act: string;
  readonly eft: string;
  readonly role?: string;
  readonly obj_type?: string;
  readonly sub_rule?: string;
  readonly obj_rule?: string;
}

/** A link of a role graph. */
export interface Link {
  readonly from: string;
  readonly to: string;
  readonly domain?: string;
  /** "YYYY-MM-DD hh:mm:ss", or undefined without bound. */
  readonly notBefore?: string;
  readonly expiresAt?: string;
}

/** The policies. */
export function policiesOf({ policy }: CasbinModel, { rows }: CasbinState): Policy[] {
  return rows
    .filter(([kind]) => kind === "p")
    .map(([, ...values]) => ({ act: "", eft: "allow", ...toRecord(policy, values) }));
}

/** The fields of a request by name. */
export function requestOf({ request }: CasbinModel, values: CasbinRow): Readonly<Record<string, string>> {
  return toRecord(request, values);
}

/** The links of "g" or "g2". */
export function linksOf({ definitions, rows }: CasbinState, kind: "g" | "g2"): Link[] {
  const [names, hasWindow] = [definitions.g?.replace(/\(.*\)/, "") ?? "", definitions.g?.includes("(")];
  const hasDomain = kind === "g" && names.split("_").length - 1 === 3;
  return rows
    .filter(([first]) => first === kind)
    .map(([, from, to, ...rest]) => {
      const domain = hasDomain ? rest.shift() : undefined;
      const [notBefore, expiresAt] = hasWindow && kind === "g" ? rest.map((each) => boundOf(each)) : [];
      return {
        ...{ from: from!, to: to! },
        ...(domain !== undefined && { domain }),
        ...(notBefore !== undefined && { notBefore }),
        ...(expiresAt !== undefined && { expiresAt }),
      };
    });
}

/** Whether a value is held by one of these functions against a pattern. */
export function matchesAny(functions: readonly string[], value: string, pattern: string): boolean {
  return functions.some((name) => patternFunctions[name]!(value, pattern));
}

function boundOf(text: string): string | undefined {
  return text === "_" ? undefined : text;
}

function toRecord(fields: readonly string[], values: CasbinRow): Readonly<Record<string, string>> {
  return Object.fromEntries(values.slice(0, fields.length).map((value, index) => [fields[index]!, value]));
}
