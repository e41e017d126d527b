import type { Condition } from "../condition/condition.ts";
import { LazyCondition } from "../policy/lazy-condition.ts";
import { hasBit } from "../policy/loaded-catalog.ts";
import type { LoadedModel } from "../policy/loaded-model.ts";

/** A rule that concerns one permission. */
export interface ConcernedRule {
  /** The role that it stands in, a row of the model, and its index there. */
  readonly role: number;
  readonly index: number;
  readonly isDeny: boolean;
  readonly names: readonly string[];
  readonly condition: Condition | undefined;
}

/** The rules of all roles that concern one permission, looked up once for each role. */
export class RoleRules {
  readonly #model: LoadedModel;
  readonly #permission: number;
  readonly #own = new Map<number, readonly ConcernedRule[]>();
  readonly #allowing = new Map<number, readonly ConcernedRule[]>();
  readonly #denying = new Map<number, readonly ConcernedRule[]>();

  constructor(model: LoadedModel, permission: number) {
    this.#model = model;
    this.#permission = permission;
  }

  /** The Allow rules that count in a role, included ones among them. */
  allowing(role: number): readonly ConcernedRule[] {
    return this.#kept(this.#allowing, role, () =>
      [...this.#model.roles.allowsFrom(role)].flatMap((from) =>
        this.#of(from).filter((rule) => !rule.isDeny),
      ),
    );
  }

  /** The Deny rules that count in a role, included ones among them. */
  denying(role: number): readonly ConcernedRule[] {
    return this.#kept(this.#denying, role, () =>
      [...this.#model.roles.reaches(role)].flatMap((from) => this.#of(from).filter((rule) => rule.isDeny)),
    );
  }

  #kept(
    known: Map<number, readonly ConcernedRule[]>,
    role: number,
    find: () => readonly ConcernedRule[],
  ): readonly ConcernedRule[] {
    const rules = known.get(role) ?? find();
    known.set(role, rules);
    return rules;
  }

  #of(role: number): readonly ConcernedRule[] {
    const known = this.#own.get(role);
    if (known !== undefined) return known;
    const { catalog, roles } = this.#model;
    const concerned = roles.compiled[role]!.rules.flatMap((rule, index): ConcernedRule[] => {
      const mask = new Uint32Array(catalog.words);
      if (rule.deny) catalog.addDenied(rule.resources, rule.verbs, mask, 0);
      else catalog.addAllowed(rule.resources, rule.verbs, mask, 0);
      if (!hasBit(mask, 0, this.#permission)) return [];
      const condition = rule.when === "" ? undefined : new LazyCondition(rule.when);
      return [{ role, index, isDeny: rule.deny, names: rule.names, condition }];
    });
    this.#own.set(role, concerned);
    return concerned;
  }
}
