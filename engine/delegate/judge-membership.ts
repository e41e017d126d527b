import { readWindow } from "../compile/windows.ts";
import { decideWellFormed } from "../decide/decide.ts";
import type { Membership } from "../model/objects.generated.ts";
import { quote } from "../model/quote.ts";
import { formatScope } from "../model/scope.ts";
import type { Grounds, Refusal } from "./judgement.ts";
import { formatTarget } from "./receiver.ts";
import { actorAt, type Writer } from "./writer.ts";

/** A permission that a write of a Membership needs, in an organization. */
interface Need {
  readonly permission: "membership:create" | "membership:delete";
  readonly organization: string;
}

/**
 * Refuses a Membership whose writer may neither admit to the organization by RBAC nor has the permission that it takes, and
 * one whose `requestedBy` has not (semantics, section 8).
 */
export function judgeMembership(
  grounds: Grounds,
  before: Membership | undefined,
  after: Membership | undefined,
): Refusal[] {
  const needs = [...needsOf(before, after)];
  const requestedBy = after?.spec.requestedBy;
  return [
    ...needs.flatMap((need) => refuseWriter(grounds, need)),
    ...(requestedBy === undefined
      ? []
      : needs.flatMap((need) => refuseRequester(grounds, { ...requestedBy, groups: [] }, need))),
  ];
}

/** What a write needs: creating for what lets more, deleting for what lets less. */
function* needsOf(before: Membership | undefined, after: Membership | undefined): Iterable<Need> {
  const isReplaced = before !== undefined && after !== undefined && !isSameMember(before, after);
  if (before !== undefined && (after === undefined || isReplaced || endOf(after) < endOf(before)))
    yield { permission: "membership:delete", organization: before.spec.organization };
  if (after !== undefined && (before === undefined || isReplaced || endOf(after) > endOf(before)))
    yield { permission: "membership:create", organization: after.spec.organization };
}

/** Attributes decide conditions, so with others it is another Membership. */
function isSameMember({ spec: a }: Membership, { spec: b }: Membership): boolean {
  return (
    a.organization === b.organization &&
    a.subject.kind === b.subject.kind &&
    a.subject.name === b.subject.name &&
    isSameMap(a.attributes ?? {}, b.attributes ?? {})
  );
}

function isSameMap(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && a[key] === b[key])
  );
}

function endOf({ spec }: Membership): number {
  return readWindow(undefined, spec.expiresAt).expires;
}

function refuseWriter(grounds: Grounds, need: Need): Refusal[] {
  const admit = { verb: "admit", kind: "Organization", name: need.organization } as const;
  if (grounds.hasVerb(admit) || isAllowed(grounds, grounds.writer, need)) return [];
  const remedy = `let somebody write it who has, or be allowed the verb "admit" on Organization ${quote(need.organization)}`;
  return [
    { path: "spec.organization", message: `${lacks(grounds.writer, need)}; ${remedy}`, liftedBy: admit },
  ];
}

function refuseRequester(grounds: Grounds, requester: Writer, need: Need): Refusal[] {
  if (isAllowed(grounds, requester, need)) return [];
  const message = `${lacks(requester, need)}; leave the field out, or name who has`;
  return [{ path: "spec.requestedBy", message, liftedBy: undefined }];
}

function lacks(writer: Writer, { permission, organization }: Need): string {
  return `${formatTarget(writer)} lacks the permission ${permission} at ${formatScope("Organization", organization)}`;
}

function isAllowed({ policy, now }: Grounds, writer: Writer, { permission, organization }: Need): boolean {
  const request = actorAt(writer, formatScope("Organization", organization), permission);
  return decideWellFormed(policy, request, now).outcome === "Allowed";
}
