import type {
  CanGrantRequest,
  CanGrantResponse,
  ListGrantableRequest,
  ListGrantableResponse,
} from "../proto/generated/decision.js";
import type { Input } from "../proto/message-type.ts";
import type { Check } from "./check.ts";
import { toRequest } from "./convert.ts";
import type { Page, PageOptions } from "./lists.ts";

/** Who would give or take and where: what `listGrantable` is about. */
export type GrantableQuery = Omit<Check, "permission" | "resource" | "context" | "explain">;

/** May a subject give a role to a target at a scope, or take it away? */
export interface GrantQuestion extends GrantableQuery {
  readonly verb: "Give" | "Take";
  readonly role: string;
  readonly target: {
    readonly kind: "User" | "ServiceAccount" | "Group" | "AccessGroup";
    readonly name: string;
  };
}

export interface GrantAnswer {
  readonly allowed: boolean;
  /** With a no: one of those in docs/reference/delegation.md. For the operator's eyes. */
  readonly reason?: string;
  /** With a no: a sentence. For the operator's eyes. */
  readonly message?: string;
  readonly revision: string;
}

/** A role that may be given or taken, if nothing about the target is in the way. */
export interface Grantable {
  readonly scope: string;
  readonly role: string;
  readonly give: boolean;
  readonly take: boolean;
}

/** @param domain stands in where the question names none */
export function toGrantRequest(question: GrantQuestion, domain: string | undefined): Input<CanGrantRequest> {
  const { verb, role, target, ...actor } = question;
  return {
    actor: toRequest({ permission: "", ...actor }, domain),
    verb,
    role,
    targetKind: target.kind,
    targetName: target.name,
  };
}

export function toGrantAnswer({ allowed, reason, message, revision }: CanGrantResponse): GrantAnswer {
  return allowed ? { allowed, revision } : { allowed, reason, message, revision };
}

/** @param domain stands in where the query names none */
export function toGrantableRequest(
  query: GrantableQuery,
  page: PageOptions,
  domain: string | undefined,
): Input<ListGrantableRequest> {
  return { actor: toRequest({ permission: "", ...query }, domain), page };
}

export function toGrantablePage({
  grantable,
  nextPageToken,
  revision,
}: ListGrantableResponse): Page<Grantable> {
  const entries = grantable.map(({ scope, role, give, take }) => ({ scope, role, give, take }));
  return { entries, nextPageToken, revision };
}
