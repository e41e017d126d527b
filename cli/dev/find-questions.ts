import { decide } from "../../engine/decide/decide.ts";
import type { Outcome } from "../../engine/decide/decision.ts";
import type { DecisionRequest } from "../../engine/decide/request.ts";
import { formatScope, type LevelName } from "../../engine/model/scope.ts";
import type { World } from "../../engine/model/world.ts";
import type { Policy } from "../../engine/policy/policy.ts";

/** A question that the policy answers in an instructive way. */
export interface Question {
  readonly subject: string;
  readonly scope: string;
  readonly permission: string;
  readonly outcome: Outcome;
  readonly disclosure: "None" | "Forbidden" | "NotFound";
}

type Wanted = Pick<Question, "outcome" | "disclosure">;

/** One that is allowed, one that is denied although the subject sees the scope, and one whose scope it does not see. */
const wanted: readonly Wanted[] = [
  { outcome: "Allowed", disclosure: "None" },
  { outcome: "NoGrant", disclosure: "Forbidden" },
  { outcome: "NoGrant", disclosure: "NotFound" },
];

const levels: readonly LevelName[] = ["Environment", "Workspace", "Organization"];
/** How many names of each sort are tried, and how many questions in all. */
const MOST_NAMES = 20;
const MOST_TRIES = 20_000;

/**
 * Finds up to three questions to try on a policy, each with another kind of answer. They are asked, not guessed, so what is
 * promised is true.
 *
 * @param now milliseconds since 1970
 */
export function findQuestions(world: World, policy: Policy, now: number): Question[] {
  const found: (Question | undefined)[] = wanted.map(() => undefined);
  let tries = 0;
  for (const question of candidates(world)) {
    if (++tries > MOST_TRIES || !found.includes(undefined)) break;
    const { outcome, disclosure } = decide(policy, toRequest(question), now);
    const index = wanted.findIndex((one) => one.outcome === outcome && one.disclosure === disclosure);
    if (index === -1 || found[index] !== undefined) continue;
    // The same person twice teaches less than two people.
    if (found.some((other) => other?.subject === question.subject) && tries < MOST_TRIES / 2) continue;
    found[index] = { ...question, outcome, disclosure };
  }
  return found.filter((question) => question !== undefined);
}

/** Questions about the scopes, subjects and permissions that the manifests name; those about reading come first. */
function* candidates(world: World): Iterable<Pick<Question, "subject" | "scope" | "permission">> {
  const subjects = usersOf(world);
  for (const level of levels) {
    const permissions = permissionsAt(world, level);
    const scopes = [...world.list(level as "Environment")].slice(0, MOST_NAMES);
    for (const permission of permissions) {
      for (const subject of subjects) {
        for (const { metadata } of scopes)
          yield { subject, permission, scope: formatScope(level, metadata.name) };
      }
    }
  }
}

function usersOf(world: World): string[] {
  const names = new Set<string>();
  for (const binding of world.list("AccessRoleBinding")) {
    for (const { kind, name } of binding.spec.subjects) if (kind === "User") names.add(name);
    if (names.size > MOST_NAMES) break;
  }
  for (const membership of world.list("Membership")) {
    if (names.size > MOST_NAMES) break;
    if (membership.spec.subject.kind === "User") names.add(membership.spec.subject.name);
  }
  // Somebody whom no manifest names sees nothing, whatever the policy says.
  return [
    ...[...names].filter((name) => !/^(?:system|token|k8s):/.test(name)).slice(0, MOST_NAMES),
    "nobody",
  ];
}

function permissionsAt(world: World, level: LevelName): string[] {
  const all: string[] = [];
  for (const catalog of world.list("PermissionCatalog")) {
    for (const { name, level: at, verbs } of catalog.spec.resources) {
      if (at === level) all.push(...verbs.map((verb) => `${name}:${verb.name}`));
    }
  }
  const isReading = (permission: string) => (/:(?:view|read|get|list)$/.test(permission) ? 0 : 1);
  return all.sort((a, b) => isReading(a) - isReading(b)).slice(0, MOST_NAMES);
}

function toRequest({
  subject,
  scope,
  permission,
}: Pick<Question, "subject" | "scope" | "permission">): DecisionRequest {
  return {
    subjectKind: "User",
    subjectName: subject,
    groups: [],
    permission,
    scope,
    resourceName: "",
    activeRoles: [],
  };
}
