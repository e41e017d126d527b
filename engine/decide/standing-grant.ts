import type { LoadedGrants } from "../policy/loaded-grants.ts";
import { SUBJECT } from "./key-set.ts";

/** A grant as constraints see it (semantics, section 6): its role exists, may be bound there, and the subject matches. */
export interface StandingGrant {
  readonly grants: LoadedGrants;
  /** A row of `grants`; -1 for a hypothetical one, which nobody has made. */
  readonly grant: number;
  /** The key that it is given to. */
  readonly key: number;
  readonly role: number;
  /** The scope that it names, a row of `grants`. */
  readonly scope: number;
  readonly isDefault: boolean;
  /** Whether the subject has it only by a group that the request asserts. */
  readonly isAsserted: boolean;
  /** Whether its window holds. Only then it stands; the others are asked by nothing but defaults that yield. */
  readonly isInForce: boolean;
}

/** A grant to the subject itself that nobody has made: it begins now and does not end. @param scope a row of `grants` */
export function hypotheticalGrant(
  grants: LoadedGrants,
  scope: number,
  role: number,
  isDefault: boolean,
): StandingGrant {
  return { grants, grant: -1, key: SUBJECT, role, scope, isDefault, isAsserted: false, isInForce: true };
}
