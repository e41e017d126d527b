import { isDeepStrictEqual } from "node:util";
import { membershipOfDefault } from "../../engine/defaults/default-name.ts";
import { apiGroup, type Kind, kinds, type SidegateObject } from "../../engine/model/objects.generated.ts";
import { isTerminating } from "../../engine/model/world.ts";
import { toSidegateObject } from "../../engine/validate/to-sidegate-object.ts";
import type { AdmissionRequest, ReviewedObject } from "./review.ts";

/** A write of one of Sidegate's objects that may mean something. */
export interface ReviewedWrite {
  readonly domain: string;
  readonly kind: Kind;
  readonly name: string;
  /** As it is stored; undefined for a creation, and where it is marked for deletion and counts for nothing. */
  readonly old: SidegateObject | undefined;
  /** As it is to be stored; undefined for a deletion. */
  readonly object: SidegateObject | undefined;
  /**
   * Whether an update gives the object an owner: then the garbage collector, which nobody asks for a right, deletes it once
   * that owner is gone, or at once where there is none.
   */
  readonly isGivenAway: boolean;
}

/** Why there is nothing to judge: it is let through. Or what is to be judged, or a sentence that says why that can not be read. */
type Reading = ReviewedWrite | "Nothing" | { readonly unreadable: string };

/** Reads what a request would write. */
export function readWrite(request: AdmissionRequest): Reading {
  const { operation, subResource, namespace } = request;
  const kind = kinds.find((known) => known === request.kind.kind);
  if (request.kind.group !== apiGroup || kind === undefined || subResource !== "" || operation === "CONNECT")
    return "Nothing";
  const old = read(request.oldObject);
  const object = read(request.object);
  // The API server has checked both against the schema.
  if (old === UNREADABLE && operation === "DELETE") return "Nothing";
  if (old === UNREADABLE || object === UNREADABLE)
    return { unreadable: `the ${kind} is of another version than this operator knows, or has no spec` };
  const name = (object ?? old)?.metadata.name;
  if (name === undefined) return "Nothing";
  if (operation === "DELETE") {
    if (old === undefined || isTerminating(old)) return "Nothing";
    return { domain: namespace, kind, name, old, object: undefined, isGivenAway: false };
  }
  if (object === undefined) return "Nothing";
  if (isTerminating(object) && kind !== "AccessRole") return "Nothing";
  const isGivenAway = old !== undefined && hasNewOwner(old, object);
  if (old !== undefined && !isGivenAway && isSame(old, object)) return "Nothing";
  return { domain: namespace, kind, name, old, object, isGivenAway };
}

const UNREADABLE = "Unreadable";

function read(raw: ReviewedObject | undefined): SidegateObject | undefined | typeof UNREADABLE {
  return raw === undefined ? undefined : (toSidegateObject(raw) ?? UNREADABLE);
}

function hasNewOwner(old: SidegateObject, object: SidegateObject): boolean {
  const before = old.metadata.ownerReferences ?? [];
  return (object.metadata.ownerReferences ?? []).some(
    (owner) => !before.some((known) => isDeepStrictEqual(known, owner)),
  );
}

/** Whether two states of an object mean the same. Of a binding, its owners and annotations say whether it is a default. */
function isSame(old: SidegateObject, object: SidegateObject): boolean {
  if (!isDeepStrictEqual(old.spec, object.spec)) return false;
  if (old.kind !== "AccessRoleBinding" || object.kind !== "AccessRoleBinding") return true;
  return membershipOfDefault(old) === membershipOfDefault(object);
}
