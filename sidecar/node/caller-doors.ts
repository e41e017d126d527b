import { LRUCache } from "lru-cache";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import { allDoors, type DoorTools } from "../api/all-doors.ts";
import type { Call, Door } from "../api/call.ts";
import { type CallerBook, keyOf, type Verdict } from "./caller-book.ts";
import { CallerPolicies, DomainNeeded } from "./caller-policies.ts";
import type { DomainBook } from "./domain-book.ts";
import { FirstQuestions, type WaitFor } from "./first-questions.ts";

/** What callers are known by and what they are served from. */
export interface CallerDoorTools {
  readonly callers: CallerBook;
  readonly domains: DomainBook;
}

/** A call at one of the doors. */
interface Question {
  readonly token: string;
  readonly key: string;
  /** Of the door among all. */
  readonly place: number;
  readonly bytes: Uint8Array;
}

/** How often an answer is begun anew: for each domain of a call twice at most. */
const ATTEMPTS = 64;
/** Callers whose doors are kept. */
const KEPT = 1_024;

/** The doors of a node's sidecar: each call says who makes it, and is answered from what its caller may ask about. */
export function callerDoors(tools: DoorTools, { callers, domains }: CallerDoorTools): readonly Door[] {
  const kept = new LRUCache<string, readonly Door[]>({ max: KEPT });
  const firstQuestions = new FirstQuestions(tools.clock);
  const doorsOf = (key: string, own: string) => {
    let doors = kept.get(key);
    if (doors === undefined) {
      const policies = new CallerPolicies(own, {
        known: (domain) => callers.known(key, domain === own ? "" : domain),
        use: (domain) => domains.use(domain),
        followed: () => domains.followed().keys(),
      });
      doors = allDoors({ ...tools, policies });
      kept.set(key, doors);
    }
    return doors;
  };

  const answer = ({ key, place, bytes }: Question, own: Verdict, call: Call) => {
    if (own.refusal !== undefined) throw own.refusal;
    return (doorsOf(key, own.domain)[place] as Door).handle(bytes, call);
  };

  /** Has fetched what the answer turns out to need, one after the other. */
  const untilAnswered = async (question: Question, call: Call, wait: WaitFor) => {
    const { token, key } = question;
    const verdictOn = (domain: string) =>
      wait({ what: "verdict", domain }, () => callers.verdict(key, token, domain));
    const own = callers.recall(key, token, "") ?? (await verdictOn(""));
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        return await answer(question, own, call);
      } catch (error) {
        if (!(error instanceof DomainNeeded)) throw error;
        const { what, domain } = error;
        if (what === "policy") await wait(error, () => domains.open(domain));
        else await verdictOn(domain === own.domain ? "" : domain);
      }
    }
    throw new SidegateError(
      "SG3305",
      `one call is about more than ${ATTEMPTS / 2} domains that are new here`,
    );
  };

  return allDoors(tools).map(({ path }, place) => ({
    path,
    async handle(bytes: Uint8Array, call: Call) {
      const token = readBearer(call.authorization);
      const question = { token, key: keyOf(token), place, bytes };
      const own = callers.recall(question.key, token, "");
      try {
        if (own !== undefined) return await answer(question, own, call);
      } catch (error) {
        if (!(error instanceof DomainNeeded)) throw error;
      }
      return firstQuestions.answer(question.key, call, (call, wait) => untilAnswered(question, call, wait));
    },
  }));
}

/** The token in what a caller says of itself. Throws SG3301. */
function readBearer(authorization: string | undefined): string {
  const token = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
  if (token !== undefined) return token;
  const problem =
    authorization === undefined ? "the call has no authorization" : "authorization is no bearer token";
  throw new SidegateError("SG3301", problem);
}
