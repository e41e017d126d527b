import type { YieldingDefault } from "../../engine/defaults/yielding-in.ts";
import type { Shortage } from "../../engine/delegate/min-holders.ts";
import type { VoidedGrant } from "../../engine/diagnose/voided-grants.ts";
import type { OrganizationReport } from "./organization-report.ts";

/** An object about which there is something new to say. */
export interface ReportedObject {
  readonly kind: "AccessConstraint" | "AccessRoleBinding" | "Membership";
  readonly name: string;
}

/** All that there is to say about one object. */
export interface ObjectReport {
  readonly voided: readonly VoidedGrant[];
  readonly shortages: readonly Shortage[];
  /** Of a Membership: the default bindings that yield. */
  readonly yielding: readonly YieldingDefault[];
}

export const NO_REPORT: ObjectReport = { voided: [], shortages: [], yielding: [] };

interface GrowingReport extends ObjectReport {
  readonly voided: VoidedGrant[];
  readonly shortages: Shortage[];
  readonly yielding: YieldingDefault[];
}

/** What the reports of all organizations say, by "KIND/NAME" of the object. */
export function reportsByObject(reports: Iterable<OrganizationReport>): Map<string, ObjectReport> {
  const byObject = new Map<string, GrowingReport>();
  const about = (kind: ReportedObject["kind"], name: string): GrowingReport => {
    const key = `${kind}/${name}`;
    const known = byObject.get(key) ?? { voided: [], shortages: [], yielding: [] };
    byObject.set(key, known);
    return known;
  };
  for (const { voided, shortages, yielding } of reports) {
    for (const grant of voided) {
      about("AccessConstraint", grant.constraint).voided.push(grant);
      about("AccessRoleBinding", grant.binding).voided.push(grant);
    }
    for (const shortage of shortages) about("AccessConstraint", shortage.constraint).shortages.push(shortage);
    for (const given of yielding) about("Membership", given.membership).yielding.push(given);
  }
  return byObject;
}

/** Whether two reports of one organization say the same. */
export function isSame(a: OrganizationReport | undefined, b: OrganizationReport): boolean {
  const said = ({ voided, yielding, shortages }: OrganizationReport) => [voided, yielding, shortages];
  if (a === undefined) return said(b).every((list) => list.length === 0);
  return JSON.stringify(said(a)) === JSON.stringify(said(b));
}

/** The objects that a report is about. */
export function reportedObjects({ voided, yielding, shortages }: OrganizationReport): ReportedObject[] {
  return [
    ...shortages.map(({ constraint }): ReportedObject => ({ kind: "AccessConstraint", name: constraint })),
    ...voided.flatMap(({ constraint, binding }): ReportedObject[] => [
      { kind: "AccessConstraint", name: constraint },
      { kind: "AccessRoleBinding", name: binding },
    ]),
    ...yielding.map(({ membership }): ReportedObject => ({ kind: "Membership", name: membership })),
  ];
}
