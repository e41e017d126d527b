import type { satisfiedReasons } from "../../engine/diagnose/problem.ts";
import type {
  AccessConstraint,
  AccessConstraintStatus,
  AccessRoleBinding,
  AccessRoleBindingStatus,
  SidegateObject,
} from "../../engine/model/objects.generated.ts";
import { type Finding, NOTHING_TO_SAY, type StatusReport } from "../status-report.ts";
import type { ConstraintReports } from "./constraint-reports.ts";
import type { ObjectReport } from "./object-report.ts";

/** As many as the CRDs let a status hold. */
const VOIDED_OF_CONSTRAINT = 100;
const VOIDED_OF_BINDING = 50;
/** Scopes that a message names. */
const NAMED = 5;

/** What constraints add to the status of an object. */
export function describeReport(
  reports: Pick<ConstraintReports, "reportOf" | "isSettled">,
  domain: string,
  object: SidegateObject,
): StatusReport {
  const { name } = object.metadata;
  if (object.kind !== "AccessConstraint" && object.kind !== "AccessRoleBinding") return NOTHING_TO_SAY;
  if (!reports.isSettled(domain)) return repeat(object);
  if (object.kind === "AccessConstraint") {
    const report = reports.reportOf(domain, { kind: object.kind, name });
    const satisfied = { type: "Satisfied", ...describeSatisfied(object, report) };
    return { fields: constraintStatus(report), conditions: [satisfied], note: "" };
  }
  const report = reports.reportOf(domain, { kind: object.kind, name });
  const hadVoid = (object.status?.voidedTotal ?? 0) > 0;
  const fields = report.voided.length > 0 || hadVoid ? bindingStatus(report) : {};
  return { fields, conditions: [], note: noteOnBinding(report) };
}

/** What was said before, while things are being looked at again. */
function repeat({ status }: AccessConstraint | AccessRoleBinding): StatusReport {
  const { voided, voidedTotal, conditions = [] } = status ?? {};
  const fields = { ...(voided && { voided }), ...(voidedTotal !== undefined && { voidedTotal }) };
  const satisfied = conditions.filter((condition) => condition.type === "Satisfied") as Finding[];
  return { fields, conditions: satisfied.map((finding) => ({ ...finding, type: "Satisfied" })), note: "" };
}

/** The part of a constraint's status that says what it voids. */
function constraintStatus({ voided }: ObjectReport): Pick<AccessConstraintStatus, "voided" | "voidedTotal"> {
  const first = voided.slice(0, VOIDED_OF_CONSTRAINT);
  return {
    voided: first.map(({ binding, subject, unit, conflictsWith }) => ({
      binding,
      subject,
      unit,
      conflictsWith,
    })),
    voidedTotal: voided.length,
  };
}

/** The part of a binding's status that says which of its grants are void. */
function bindingStatus({ voided }: ObjectReport): Pick<AccessRoleBindingStatus, "voided" | "voidedTotal"> {
  const first = voided.slice(0, VOIDED_OF_BINDING);
  return {
    voided: first.map(({ constraint, subject, unit, conflictsWith }) => ({
      constraint,
      subject,
      unit,
      conflictsWith,
    })),
    voidedTotal: voided.length,
  };
}

/** Whether nothing breaks a constraint: its condition Satisfied. */
function describeSatisfied(
  { spec }: AccessConstraint,
  { voided, shortages }: ObjectReport,
): Finding & { readonly reason: keyof typeof satisfiedReasons } {
  if (spec.separationOfDuty?.mode === "Dynamic")
    return { status: "True", reason: "EnforcedPerRequest", message: "Judged with each request" };
  const [grant] = voided;
  if (grant !== undefined) {
    const { binding, subject, unit, conflictsWith } = grant;
    const message = `${count(voided.length, "grant is", "grants are")} void, first that of ${subject.kind} "${subject.name}" by AccessRoleBinding "${binding}" at ${unit}, in conflict with "${conflictsWith}"`;
    return { status: "False", reason: "GrantsVoid", message };
  }
  const [shortage] = shortages;
  if (shortage === undefined) return { status: "True", reason: "Satisfied", message: "Nothing breaks it" };
  const named = shortages.slice(0, NAMED).map(({ scope, holders }) => `${scope} (${holders})`);
  const more = shortages.length > NAMED ? ` and ${shortages.length - NAMED} more` : "";
  const message = `${count(shortages.length, "scope has", "scopes have")} fewer than ${shortage.count} lasting holders of "${shortage.role}": ${named.join(", ")}${more}`;
  return { status: "False", reason: "TooFewHolders", message };
}

/** What the message of a binding's condition Accepted adds when grants of it are void; empty: nothing. */
function noteOnBinding({ voided }: ObjectReport): string {
  const [grant] = voided;
  if (grant === undefined) return "";
  const { subject, unit, constraint, conflictsWith } = grant;
  return `; ${count(voided.length, "grant is", "grants are")} void, first that of ${subject.kind} "${subject.name}" at ${unit}, by AccessConstraint "${constraint}", in conflict with AccessRoleBinding "${conflictsWith}"`;
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
