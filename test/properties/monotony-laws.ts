import fc from "fast-check";
import type { OracleDecision } from "../oracle/decide.ts";
import { isDefault } from "../oracle/default-name.ts";
import { anyWorld } from "../worlds/any-world.ts";
import { binding, role } from "../worlds/build.ts";
import { addConstraint, addDeny, failCondition, removeGrant } from "../worlds/changes.ts";
import { narrowedWorld } from "../worlds/narrowed-world.ts";
import type { WorldObjects } from "../worlds/world.ts";
import { everyChange, everyRequest } from "./every-request.ts";
import { type Law, law } from "./law.ts";

const RUNS = 1000;

/** Worlds without constraints: with them, to take a grant or an active role away can lift a void or a denial. */
const unconstrained = anyWorld.map((objects) => objects.filter(({ kind }) => kind !== "AccessConstraint"));

/** Worlds without defaults: a default that yields to a new constraint no longer voids other defaults. */
const withoutDefaults = anyWorld.map((objects) =>
  objects.filter((object) => object.kind !== "AccessRoleBinding" || !isDefault(object)),
);

/** What must never widen access. */
export const monotonyLaws: readonly Law[] = [
  law(
    "adding a Deny never allows and never shows a scope",
    RUNS,
    everyChange(addDeny, (before, after) => allows(before, after) || shows(before, after)),
  ),
  law(
    "a Deny of everything leaves nothing that is allowed or seen",
    RUNS,
    everyChange(
      fc.constant(denyEverything),
      (_, after) => after.outcome === "Allowed" || (isHidden(after) && after.disclosure === "Forbidden"),
    ),
  ),
  law(
    "removing a grant never allows and never shows a scope, where there are no constraints",
    RUNS,
    everyChange(removeGrant, (before, after) => allows(before, after) || shows(before, after), unconstrained),
  ),
  law(
    "adding a constraint never allows and never shows a scope, where there are no defaults",
    RUNS,
    everyChange(
      addConstraint,
      (before, after) => allows(before, after) || shows(before, after),
      withoutDefaults,
    ),
  ),
  // A Deny that comes to have a condition hides no scope any more, so this may show one.
  law("a condition that fails never allows", RUNS, everyChange(failCondition, allows)),
  law(
    "active roles never allow what is not allowed without them, and show nothing else",
    RUNS,
    everyRequest(({ objects, request, instant, evaluate }) => {
      const evaluator = evaluate(objects);
      const active = evaluator.decide(request, instant);
      const all = evaluator.decide({ ...request, activeRoles: [] }, instant);
      return allows(all, active) || shows(all, active) || shows(active, all) ? { active, all } : undefined;
    }, unconstrained),
  ),
  law(
    "a token allows nothing that it would not if it did not narrow",
    RUNS,
    everyChange(
      fc.constant(widenTokens),
      (before, after) => before.outcome === "Allowed" && after.outcome !== "Allowed",
    ),
  ),
  law(
    "leaving out an attribute that a token is matched against never allows",
    RUNS,
    everyRequest(({ objects, request, instant, evaluate }) => {
      const evaluator = evaluate(objects);
      const sent = evaluator.decide(request, instant);
      for (const attribute of ["shelf", "page", "ext"]) {
        const { [attribute]: _, ...resourceAttributes } = request.resourceAttributes ?? {};
        const left = evaluator.decide({ ...request, resourceAttributes }, instant);
        if (allows(sent, left) || shows(sent, left)) return { attribute, sent, left };
      }
      return undefined;
    }, narrowedWorld),
  ),
];

/** Everybody is denied everything. */
function denyEverything(objects: WorldObjects): WorldObjects {
  return [
    ...objects,
    role("denied", { rules: [{ effect: "Deny", resources: ["*"], verbs: ["*"] }] }),
    binding("denied", "denied", "Group:system:authenticated", "platform"),
  ];
}

/** The world in which no token has the claim that narrows, which is well with all policies. */
function widenTokens(objects: WorldObjects): WorldObjects {
  return objects.map((object) => {
    if (object.kind !== "TokenPolicy") return object;
    const narrowing = { ...object.spec.narrowing, claim: "none such", absent: "Allow" as const };
    return { ...object, spec: { ...object.spec, narrowing } };
  });
}

/** Whether the outcome is one by which a scope may be hidden: an invalid token never hides it. */
function isHidden({ outcome }: OracleDecision): boolean {
  return outcome !== "InvalidRequest" && outcome !== "InvalidToken";
}

function allows(before: OracleDecision, after: OracleDecision): boolean {
  return after.outcome === "Allowed" && before.outcome !== "Allowed";
}

function shows(before: OracleDecision, after: OracleDecision): boolean {
  return after.disclosure === "Forbidden" && before.disclosure === "NotFound";
}
