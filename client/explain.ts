import type { ExplainResponse } from "../proto/generated/decision.js";
import type { Decision } from "./check.ts";
import { toDecision } from "./convert.ts";

/** An object that took part in a decision, and where it came from. */
export interface ObjectRef {
  readonly kind: string;
  readonly name: string;
  /** 0: not known. */
  readonly generation: number;
  /** What Argo CD and Flux tell of its place in Git; empty: nothing. */
  readonly provenance: string;
}

/** A grant that has to do with a decision. */
export interface ExplainedGrant {
  readonly binding: ObjectRef;
  readonly role: ObjectRef;
  /** The role in which the rule stands, and the rule's index there. */
  readonly ruleRole: ObjectRef;
  readonly rule: number;
  readonly scope: string;
  /** The subject of the binding through which the request's subject has it, "Kind:name". */
  readonly subject: string;
  /** "Allows", "Denies", or why it does not count: docs/reference/explanations.md. */
  readonly effect: string;
  readonly detail: string;
}

/** A change that is needed to allow what was denied. */
export interface NeededChange {
  readonly kind: string;
  /** A sentence without full stop. */
  readonly message: string;
  readonly objects: readonly ObjectRef[];
  /** With the kind Grant: the role and where to bind it; else empty. */
  readonly role: string;
  readonly scope: string;
  /** With the kind Grant: who could give it, "Kind:name". */
  readonly grantors: readonly string[];
  readonly moreGrantors: boolean;
}

/** Why a decision fell as it did. For operators: never show it to the subject. */
export interface Explained {
  readonly decision: Decision;
  /** What the token does, or why it is not valid; empty: there is none. */
  readonly token: string;
  /** With SeparationOfDuty: the AccessConstraint and the roles that are active; else empty. */
  readonly conflict: string;
  readonly grants: readonly ExplainedGrant[];
  /** Each a set of changes that together would allow it. */
  readonly nearestMisses: readonly { readonly changes: readonly NeededChange[] }[];
}

/** Reads a response. Throws where it is not whole. */
export function toExplained({
  response,
  token,
  conflict,
  grants,
  nearestMisses,
}: ExplainResponse): Explained {
  if (response === null) throw new Error("The sidecar sent an explanation without a decision");
  return {
    decision: toDecision(response),
    token,
    conflict,
    // Field by field: those that have their default are not own properties of a decoded message.
    grants: grants.map(({ binding, role, ruleRole, rule, scope, subject, effect, detail }) => ({
      ...{ binding: toRef(binding), role: toRef(role), ruleRole: toRef(ruleRole), rule },
      ...{ scope, subject, effect, detail },
    })),
    nearestMisses: nearestMisses.map(({ changes }) => ({
      changes: changes.map(({ kind, message, objects, role, scope, grantors, moreGrantors }) => ({
        ...{ kind, message, objects: objects.map(toRef), role, scope, grantors, moreGrantors },
      })),
    })),
  };
}

function toRef(ref: ExplainResponse["nearestMisses"][0]["changes"][0]["objects"][0] | null): ObjectRef {
  if (ref === null) throw new Error("The sidecar sent a grant without its objects");
  return { kind: ref.kind, name: ref.name, generation: Number(ref.generation), provenance: ref.provenance };
}
