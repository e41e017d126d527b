import { decide } from "../engine/decide/decide.ts";
import type { DecisionRequest } from "../engine/decide/request.ts";
import type { BenchmarkContext } from "./benchmark.ts";
import { compileWorld, loadPolicy } from "./compile-world.ts";
import { generateWorld } from "./generate-world.ts";
import { MapIndex } from "./map-index.ts";
import { planQuestion } from "./plan-requests.ts";
import type { WorldSize } from "./world-plan.ts";

/** Requests that are timed together: they stay in the processor's cache, as one does that has just come in. */
const PER_ROUND = 500;
const NOW = Date.UTC(2026, 0, 1);

interface Contender {
  readonly name: string;
  readonly size: WorldSize;
  readonly decide: (request: DecisionRequest) => boolean;
  readonly target?: number;
  /** Microseconds for one decision, by the right answer. */
  readonly times: { readonly allow: number[]; readonly deny: number[] };
}

/**
 * One decision in process. Rounds walk over all members of all organizations, and one round over the requests of all
 * contenders, so that whatever else the machine does hits all of them. The requests of a round are made just before it.
 */
export async function measureDecide({ report, note, isSmall }: BenchmarkContext): Promise<void> {
  const bindings = isSmall ? 10_000 : 100_000;
  const numbers = isSmall ? [10, 2, 100] : [100, 10, 1000];
  const contenders = numbers.map((organizations) => engine({ organizations, bindings }));
  contenders.push(mapIndex({ organizations: numbers[0] as number, bindings }));
  const passes = isSmall ? 2 : 6;
  // The first pass warms up: it compiles the code and is not counted.
  for (let pass = 0; pass <= passes; pass++) {
    for (const contender of contenders) {
      if (pass === 1) {
        contender.times.allow.length = 0;
        contender.times.deny.length = 0;
      }
      for (let from = 0; from < bindings; from += PER_ROUND) {
        contender.times.allow.push(timeRound(contender, from, true));
        contender.times.deny.push(timeRound(contender, from, false));
      }
    }
  }
  for (const { name, times, target } of contenders) {
    const limit = target === undefined ? {} : { target };
    report({ what: `allow, ${name}`, unit: "us", samples: times.allow, ...limit });
    report({ what: `deny, ${name}`, unit: "us", samples: times.deny, ...limit });
  }
  note(
    `Each round is ${PER_ROUND} decisions, their requests made just before; ${bindings} bindings, four for each member. Denials include finding out whether the subject may see the scope.`,
  );
}

function engine(size: WorldSize): Contender {
  const policy = loadPolicy(compileWorld(size).compile({}));
  return {
    name: `${size.bindings} bindings in ${size.organizations} organizations`,
    size,
    decide: (request) => decide(policy, request, NOW).outcome === "Allowed",
    target: 1.5,
    times: { allow: [], deny: [] },
  };
}

function mapIndex(size: WorldSize): Contender {
  const index = new MapIndex(generateWorld(size));
  return {
    name: `a plain index of Maps, ${size.organizations} organizations`,
    size,
    decide: (request) => index.decide(request),
    times: { allow: [], deny: [] },
  };
}

/** Microseconds for one decision of the round. */
function timeRound({ name, size, decide: ask }: Contender, from: number, allowed: boolean): number {
  const requests = makeRequests(size, from, allowed);
  let right = 0;
  const start = performance.now();
  for (let i = 0; i < PER_ROUND; i++) if (ask(requests[i] as DecisionRequest) === allowed) right++;
  const us = ((performance.now() - start) * 1000) / PER_ROUND;
  if (right !== PER_ROUND) throw new Error(`${name}: ${PER_ROUND - right} of ${PER_ROUND} answers are wrong`);
  return us;
}

function makeRequests(size: WorldSize, from: number, allowed: boolean): DecisionRequest[] {
  const requests = Array.from({ length: PER_ROUND }, (_, at): DecisionRequest => {
    const { user, groups, permission, scope } = planQuestion(size, from + at, allowed);
    const question = { subjectKind: "User", subjectName: user, groups, permission, scope };
    return { ...question, resourceName: "", activeRoles: [] };
  });
  // Strings that were put together from parts are made whole on first use, which is not to be measured; parsed ones are whole.
  return JSON.parse(JSON.stringify(requests));
}
