import { KeySet } from "../decide/key-set.ts";
import type { ResolvedScope } from "../decide/resolve-scope.ts";
import { SubjectDigit } from "../model/subject.ts";
import { hasBit } from "../policy/loaded-catalog.ts";
import type { Policy } from "../policy/policy.ts";
import { type Asker, askerInGroup, askerWithKey } from "./asker.ts";
import { addDependencies } from "./dependencies.ts";
import { DependencyList, type Holding } from "./holding.ts";
import { holdingOf } from "./holding-of.ts";
import { type Outlook, outlookAt } from "./outlook.ts";
import { speakerFor } from "./speaker.ts";

/** A subject that may be listed, and how sure it is that it has what is asked. */
export interface HoldingSubject {
  /** "Group": what whoever is in it has, asserted, `system:authenticated` or `token:POLICY`. */
  readonly kind: "User" | "ServiceAccount" | "Group";
  readonly name: string;
  readonly holding: Holding;
  /** As in compiled policies; pages go on after it. */
  readonly key: string;
}

/** Judges one subject after the other by one permission at one scope. */
export class SubjectJudge {
  readonly #policy: Policy;
  readonly #scope: ResolvedScope;
  readonly #permission: number;
  readonly #active: Asker["active"];
  readonly #now: number;
  readonly #keys = new KeySet();

  /** @param permission its number in the catalog @param now milliseconds since 1970 */
  constructor(
    policy: Policy,
    scope: ResolvedScope,
    permission: number,
    active: Asker["active"],
    now: number,
  ) {
    this.#policy = policy;
    this.#scope = scope;
    this.#permission = permission;
    this.#active = active;
    this.#now = now;
  }

  /** What the subject with a key has; undefined: nothing, or no check may ever be about it. */
  judge(key: string): HoldingSubject | undefined {
    const kind = kindOf(key);
    const name = key.slice(1);
    const speaker = speakerFor(this.#policy.model, kind, name);
    if (speaker === "Nobody") return undefined;
    const found = new DependencyList();
    if (kind === "Group") found.add("Group", name);
    if (speaker === "Operator") found.add("Operator", name);
    const canBeSure = speaker === "Caller";
    const holding =
      kind === "Group" ? this.#group(name, canBeSure, found) : this.#person(key, canBeSure, found);
    return holding && { kind, name, holding, key };
  }

  #person(key: string, canBeSure: boolean, found: DependencyList): Holding | undefined {
    const asker = askerWithKey(this.#policy, key, this.#active);
    const outlook = this.#look(asker);
    return (canBeSure && this.#surely(asker, outlook)) || this.#perhaps(asker, outlook, found);
  }

  /** Who is in a group need not be a member anywhere: only what asks for no membership is sure. */
  #group(name: string, canBeSure: boolean, found: DependencyList): Holding | undefined {
    const stranger = askerInGroup(this.#policy, name, this.#active, false);
    const sure = canBeSure && this.#surely(stranger, this.#look(stranger));
    if (sure) return sure;
    const member = askerInGroup(this.#policy, name, this.#active, true);
    return this.#perhaps(member, this.#look(member), found);
  }

  #surely(asker: Asker, outlook: Outlook): Holding | undefined {
    if (!hasBit(outlook.certain, 0, this.#permission)) return undefined;
    return holdingOf(asker, this.#keys, this.#scope, outlook, this.#now)([this.#permission]);
  }

  #perhaps(asker: Asker, outlook: Outlook, found: DependencyList): Holding | undefined {
    if (!hasBit(outlook.possible, 0, this.#permission)) return undefined;
    addDependencies(found, asker, this.#keys, this.#scope, [this.#permission], this.#now);
    return { certainty: "Conditional", dependsOn: found.list() };
  }

  #look(asker: Asker): Outlook {
    asker.fill(this.#keys, this.#now);
    return outlookAt(asker, this.#keys, this.#scope, this.#now);
  }
}

function kindOf(key: string): HoldingSubject["kind"] {
  if (key[0] === SubjectDigit.User) return "User";
  return key[0] === SubjectDigit.ServiceAccount ? "ServiceAccount" : "Group";
}
