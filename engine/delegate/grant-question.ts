import type { DecisionRequest } from "../decide/request.ts";
import type { GrantVerb } from "./actor-rights.ts";
import type { Target } from "./target.ts";

/** May the actor give the role to the target at the actor's scope, or take it away? */
export interface GrantQuestion {
  /** As in a check; permission, resource and context are not asked. */
  readonly actor: DecisionRequest;
  readonly verb: GrantVerb;
  readonly role: string;
  readonly target: Target;
}
