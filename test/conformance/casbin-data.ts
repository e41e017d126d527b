/** The definitions of a model as casbin writes them, for example `r`: "sub, obj, act". */
export interface CasbinDefinitions {
  readonly r: string;
  readonly p: string;
  readonly g?: string;
  readonly e: string;
  readonly m: string;
}

/** One line of a policy: "p" or "g" or "g2", then its values. */
export type CasbinRow = readonly string[];

export interface LoadStep {
  readonly op: "load";
  readonly modelFile?: string;
  readonly model: CasbinDefinitions;
  readonly policyFile?: string;
  readonly policy?: readonly CasbinRow[];
}

export interface EnforceStep {
  readonly op: "enforce";
  readonly request: readonly string[];
  readonly expect: boolean;
}

/** A call of casbin's API by its name. */
export interface CallStep {
  readonly op: string;
  readonly args: readonly string[];
}

export type CasbinStep = LoadStep | EnforceStep | CallStep;

/** One test function of casbin, as data. */
export interface CasbinTest {
  readonly test: string;
  readonly steps: readonly CasbinStep[];
}

export function isLoad(step: CasbinStep): step is LoadStep {
  return step.op === "load";
}

export function isEnforce(step: CasbinStep): step is EnforceStep {
  return step.op === "enforce";
}
