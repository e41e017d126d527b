import { problemWarnings, sideEffects } from "../../engine/admission/find-warnings.ts";
import { breachWarnings, judgeBreaches, type Sides } from "../../engine/admission/judge-breaches.ts";
import { judgeProblems } from "../../engine/admission/judge-problems.ts";
import { judgeWriteInSteps } from "../../engine/delegate/judge-write.ts";
import type { Grounds, RbacVerb, Refusal } from "../../engine/delegate/judgement.ts";
import { kubernetesWriter } from "../../engine/delegate/writer.ts";
import type { Clock } from "../../host/clock.ts";
import { Semaphore } from "../../host/semaphore.ts";
import type { AskAccess } from "./ask-access.ts";
import { inTurns } from "./in-turns.ts";
import type { LoadedPolicies } from "./loaded-policies.ts";
import type { UserInfo } from "./review.ts";
import type { ReviewedWrite } from "./reviewed-write.ts";

export interface JudgeDependencies {
  readonly clock: Clock;
  readonly policies: Pick<LoadedPolicies, "load" | "loadBeside">;
  readonly askAccess: AskAccess;
}

/** What is to be said about a write. */
export interface Judgement {
  readonly refusals: readonly JudgedRefusal[];
  readonly warnings: readonly string[];
}

export interface JudgedRefusal extends Pick<Refusal, "path" | "message"> {
  /** Whether the object itself is wrong, whoever writes it. */
  readonly isInvalid: boolean;
}

/** Questions that are asked of the API server at a time. */
const QUESTIONS = 8;

/**
 * Judges a write by what was read of its domain (semantics, sections 1, 6, 8 and 9): first the object itself, then the right to
 * write it, then what constraints say. The first of these that refuses is told.
 */
export async function judge(
  dependencies: JudgeDependencies,
  write: ReviewedWrite,
  user: UserInfo,
  sides: Sides,
  signal: AbortSignal,
): Promise<Judgement> {
  const { clock } = dependencies;
  const { old, object } = write;
  const { before, after } = sides;
  const now = clock.wallTime();
  const isThere = object !== undefined;
  const problems = isThere ? judgeProblems(before, after, old, object) : [];
  const invalid = problems.filter(({ isRefused }) => isRefused);
  if (invalid.length > 0) return refused(invalid, true);
  const unentitled = await judgeRights(dependencies, write, user, sides, signal);
  if (unentitled.length > 0) return refused(unentitled, false);
  const breaches = await inTurns(judgeBreaches(sides, old, object, now), clock, signal);
  if (breaches.length > 0) return refused(breaches, false);
  const warnings = [
    ...problemWarnings(after, problems),
    ...sideEffects(before, after, old, object, now),
    ...(await inTurns(breachWarnings(sides, object, now), clock, signal)),
  ];
  return { refusals: [], warnings };
}

function refused(refusals: readonly Pick<Refusal, "path" | "message">[], isInvalid: boolean): Judgement {
  return { refusals: refusals.map(({ path, message }) => ({ path, message, isInvalid })), warnings: [] };
}

/** Judges by the rights of the domain alone, and asks for RBAC's only where these do not suffice. */
async function judgeRights(
  { clock, askAccess }: JudgeDependencies,
  { domain, old, object }: ReviewedWrite,
  user: UserInfo,
  sides: Sides,
  signal: AbortSignal,
): Promise<Refusal[]> {
  const allowed = new Set<string>();
  const grounds: Grounds = {
    world: sides.before,
    get policy() {
      return sides.policyBefore();
    },
    writer: kubernetesWriter(user.username, user.groups),
    hasVerb: (verb) => allowed.has(textOf(verb)),
    now: clock.wallTime(),
  };
  const change = { before: old, after: object };
  const asked = new Set<string>();
  const turns = new Semaphore(QUESTIONS);
  const ask = async (verb: RbacVerb) => {
    signal.throwIfAborted();
    asked.add(textOf(verb));
    if (await askAccess(user, domain, verb)) allowed.add(textOf(verb));
  };
  // While the API server is asked others write, and what they wrote may take verbs that were not asked for before.
  for (;;) {
    const refusals = await inTurns(judgeWriteInSteps(grounds, change), clock, signal);
    const verbs = new Map(
      refusals.flatMap(({ liftedBy }) => (liftedBy ? [[textOf(liftedBy), liftedBy]] : [])),
    );
    const unasked = [...verbs].filter(([text]) => !asked.has(text));
    await Promise.all(unasked.map(([, verb]) => turns.run(() => ask(verb))));
    if (!unasked.some(([text]) => allowed.has(text))) return refusals;
  }
}

function textOf({ verb, kind, name }: RbacVerb): string {
  return `${verb} ${kind}/${name}`;
}
