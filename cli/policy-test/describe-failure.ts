import type { CaseResult } from "../cases/case-world.ts";
import type { CaseReport } from "./run-cases.ts";

/** Lines that tell why a case failed: what was expected and what came, what was asked, and what made it so. */
export function describeFailure(report: CaseReport): string[] {
  const { subject, permission, scope, want, got, grant, roles } = report;
  const lines = [
    `expected ${describeResult(want)}, got ${describeResult(got)}`,
    `${subject} ${permission} ${scope}`,
  ];
  if (grant !== undefined) {
    const { binding, role, ruleRole, scope: bound, subject: given } = grant;
    const rule = ruleRole === role ? "" : `, a rule of ${ruleRole}`;
    lines.push(`decided by AccessRoleBinding ${binding}: ${role} at ${bound} for ${given}${rule}`);
  }
  if (roles !== undefined) {
    const held = roles.length === 0 ? "no role" : roles.join(", ");
    lines.push(`effective at ${scope}: ${held}`);
  }
  return lines;
}

/** "allow", "deny NoGrant (Forbidden)", "deny WrongLevel (Forbidden, Organization)", "error InvalidRequest". */
function describeResult({ outcome, disclosure, level }: CaseResult): string {
  if (outcome === "Allowed") return "allow";
  if (disclosure === undefined) return `error ${outcome}`;
  return `deny ${outcome} (${[disclosure, level].filter((part) => part !== undefined).join(", ")})`;
}
