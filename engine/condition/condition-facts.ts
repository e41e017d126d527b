import type { JsonObject } from "../model/json.ts";

/** Stored attributes, which are strings. */
export interface StoredAttributes {
  readonly [key: string]: string;
}

/**
 * What a condition is evaluated over (docs/reference/semantics.md, section 10). What there is not is left out or undefined:
 * selecting it is an error, `has()` of it or of anything below is false.
 */
export interface ConditionFacts {
  /** As the caller says. */
  readonly subject: {
    readonly kind: string;
    readonly name: string;
    /** As asserted by the caller, declared groups not among them. */
    readonly groups: readonly string[];
    readonly attributes: JsonObject;
  };
  /** As the caller says. */
  readonly resource: {
    readonly type?: string | undefined;
    readonly name?: string | undefined;
    readonly attributes: JsonObject;
  };
  readonly context: JsonObject;
  /** Of the subject's Membership; undefined for a non-member, for whom any use of `member`, `has()` included, is an error. */
  readonly member: { readonly attributes: StoredAttributes } | undefined;
  /** The request's scope, in conditions of bindings too. `kind` is spelled as the kind, "Environment". */
  readonly scope: {
    readonly kind: string;
    readonly name?: string | undefined;
    readonly type?: string | undefined;
    readonly attributes: StoredAttributes;
  };
  readonly organization: { readonly name: string; readonly attributes: StoredAttributes } | undefined;
  readonly workspace: { readonly name: string; readonly attributes: StoredAttributes } | undefined;
  readonly token: { readonly claims: JsonObject } | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}
