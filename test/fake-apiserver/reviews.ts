import type { JsonObject } from "./json.ts";

/** Whom a token stands for. */
export interface TokenIdentity {
  readonly username: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
  /** Default: the API server's own. */
  readonly audiences?: readonly string[];
}

/** What somebody may do; a field left out stands for any. */
export interface AccessRule {
  readonly user?: string;
  /** A group of the user. */
  readonly userGroup?: string;
  readonly verb?: string;
  readonly group?: string;
  readonly resource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

const SERVER_AUDIENCE = "https://kubernetes.default.svc.cluster.local";

/** Who has which token and who may do what, for TokenReviews and SubjectAccessReviews. At first nobody and nothing. */
export class Reviews {
  readonly #tokens = new Map<string, TokenIdentity>();
  readonly #rules = new Set<AccessRule>();
  /** The specs of all reviews that were answered, the oldest first. */
  readonly seen: JsonObject[] = [];

  /** From now on the token stands for somebody; without an identity for nobody any more. */
  setToken(token: string, identity: TokenIdentity | undefined): void {
    if (identity === undefined) this.#tokens.delete(token);
    else this.#tokens.set(token, identity);
  }

  /** Allows something; returns the way to take it back. */
  allow(rule: AccessRule): () => void {
    this.#rules.add(rule);
    return () => void this.#rules.delete(rule);
  }

  /** The status of a TokenReview. */
  authenticate(token: string, wanted: readonly string[]): JsonObject {
    const identity = this.#tokens.get(token);
    if (identity === undefined) return { user: {}, error: "invalid bearer token" };
    const { audiences = [SERVER_AUDIENCE], ...user } = identity;
    const targets = wanted.length === 0 ? [SERVER_AUDIENCE] : wanted;
    const shared = targets.filter((audience) => audiences.includes(audience));
    if (shared.length === 0) {
      const text = `token audiences ${quoted(audiences)} is invalid for the target audiences ${quoted(targets)}`;
      return { user: {}, error: `[invalid bearer token, ${text}]` };
    }
    const groups = [...(user.groups ?? []), "system:authenticated"];
    return { authenticated: true, user: { ...user, groups } as unknown as JsonObject, audiences: shared };
  }

  /** The status of a SubjectAccessReview. */
  authorize(user: string, groups: readonly string[], asked: JsonObject): JsonObject {
    const allows = (rule: AccessRule) =>
      (rule.user ?? user) === user &&
      (rule.userGroup === undefined || groups.includes(rule.userGroup)) &&
      (["verb", "group", "resource", "namespace", "name"] as const).every(
        (field) => rule[field] === undefined || rule[field] === (asked[field] ?? ""),
      );
    if (![...this.#rules].some(allows)) return { allowed: false };
    return { allowed: true, reason: "RBAC: allowed by a rule of the test" };
  }
}

function quoted(texts: readonly string[]): string {
  return `[${texts.map((text) => JSON.stringify(text)).join(" ")}]`;
}
