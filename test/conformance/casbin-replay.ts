import {
  type CallStep,
  type CasbinDefinitions,
  type CasbinRow,
  type CasbinStep,
  type CasbinTest,
  isEnforce,
  isLoad,
} from "./casbin-data.ts";
import { reasons } from "./casbin-model.ts";

/** Model and policy at one moment of a test. */
export interface CasbinState {
  readonly definitions: CasbinDefinitions;
  readonly rows: readonly CasbinRow[];
  /** Functions by which names in "g", "g2" and domains in "g:domain" are matched, in lower case; else they are equal. */
  readonly matching: Readonly<Record<string, string>>;
  /** Why no policy says what the enforcer answers. */
  readonly reason?: string;
}

/** One assertion. */
export interface Assertion {
  readonly test: string;
  readonly state: CasbinState;
  readonly request: CasbinRow;
  readonly expect: boolean;
}

/** Carries the changes of a test out; assertions between two changes share their state. */
export function replay({ test, steps }: CasbinTest): Assertion[] {
  const enforcer = new Enforcer();
  return steps.flatMap((step) => {
    if (isEnforce(step)) {
      return [{ test, state: enforcer.state, request: step.request, expect: step.expect }];
    }
    enforcer.take(step);
    return [];
  });
}

type Change = (rows: readonly CasbinRow[], args: readonly string[]) => readonly CasbinRow[];

/** Calls that change the policy. */
const changes: Readonly<Record<string, Change>> = {
  AddPolicy: (rows, args) => [...rows, ["p", ...args]],
  AddPermissionForUser: (rows, args) => [...rows, ["p", ...args]],
  AddGroupingPolicy: (rows, args) => [...rows, ["g", ...args]],
  AddRoleForUser: (rows, args) => [...rows, ["g", ...args]],
  AddRolesForUser: (rows, [user, ...roles]) => [...rows, ...roles.map((role) => ["g", user!, role])],
  RemovePolicy: (rows, args) => without(rows, ["p", ...args], true),
  RemoveFilteredPolicy: (rows, args) => without(rows, ["p", ...args]),
  RemoveGroupingPolicy: (rows, args) => without(rows, ["g", ...args], true),
  DeletePermission: (rows, args) => without(rows, ["p", "", ...args]),
  DeletePermissionForUser: (rows, args) => without(rows, ["p", ...args]),
  DeletePermissionsForUser: (rows, args) => without(rows, ["p", ...args]),
  DeleteRoleForUser: (rows, args) => without(rows, ["g", ...args]),
  DeleteRolesForUser: (rows, args) => without(rows, ["g", ...args]),
  DeleteUser: (rows, args) => without(without(rows, ["g", ...args]), ["p", ...args]),
  DeleteRole: (rows, args) => without(without(rows, ["g", "", ...args]), ["p", ...args]),
};

/** Calls that change nothing that is asked here: conditions of links are windows, which the policies spell out. */
const idle = new Set([
  ...["AddNamedLinkConditionFunc", "AddNamedDomainLinkConditionFunc", "EnableAutoSave", "LoadModel"],
  ...["SetAdapter", "SetFieldIndex"],
]);

/** Calls after which the program decides. */
const programs = new Set([
  ...["AddFunction", "SetRoleManager"],
  ...["SetNamedLinkConditionFuncParams", "SetNamedDomainLinkConditionFuncParams"],
]);

const EMPTY: CasbinState = { definitions: { r: "", p: "", e: "", m: "" }, rows: [], matching: {} };

class Enforcer {
  state: CasbinState = EMPTY;
  #stored: readonly CasbinRow[] = [];

  take(step: CasbinStep): void {
    if (isLoad(step)) {
      this.#stored = step.policy ?? [];
      this.state = { ...EMPTY, definitions: step.model, rows: this.#stored };
      return;
    }
    const { op, args } = step as CallStep;
    const change = changes[op];
    if (change !== undefined) this.#set({ rows: change(this.state.rows, args) });
    else if (op === "LoadPolicy") this.#set({ rows: this.#stored });
    else if (op === "AddNamedMatchingFunc") this.#match(args[0]!, args[1]!);
    else if (op === "AddNamedDomainMatchingFunc") this.#match(`${args[0]}:domain`, args[1]!);
    else if (op === "EnableEnforce") this.#enable(args[0] === "true");
    else if (programs.has(op)) this.#set({ reason: reasons.program });
    else if (!idle.has(op)) throw new Error(`${op} is not known`);
  }

  #match(what: string, name: string): void {
    this.#set({ matching: { ...this.state.matching, [what]: name.toLowerCase() } });
  }

  #enable(isOn: boolean): void {
    const { reason: _, ...enforcing } = this.state;
    this.state = isOn ? enforcing : { ...enforcing, reason: reasons.switchedOff };
  }

  #set(change: Partial<CasbinState>): void {
    this.state = { ...this.state, ...change };
  }
}

/** The rows that do not have these values; an empty value stands for any. @param isWhole whether a row with more values stays */
function without(rows: readonly CasbinRow[], values: CasbinRow, isWhole = false): readonly CasbinRow[] {
  return rows.filter(
    (row) =>
      (isWhole && row.length !== values.length) ||
      !values.every((value, index) => value === "" || value === row[index]),
  );
}
