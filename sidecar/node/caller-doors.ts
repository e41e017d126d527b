import { LRUCache } from "lru-cache";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import { allDoors, type DoorTools } from "../api/all-doors.ts";
import type { Call, Door } from "../api/call.ts";
import { type CallerBook, keyOf } from "./caller-book.ts";
import { CallerPolicies, DomainNeeded } from "./caller-policies.ts";
import type { DomainBook } from "./domain-book.ts";

/** What callers are known by and what they are served from. */
export interface CallerDoorTools {
  readonly callers: CallerBook;
  readonly domains: DomainBook;
}

/** How often an answer is begun anew: for each domain of a call twice at most. */
const ATTEMPTS = 64;
/** Callers whose doors are kept. */
const KEPT = 1_024;

/** The doors of a node's sidecar: each call says who makes it, and is answered from what its caller may ask about. */
export function callerDoors(tools: DoorTools, { callers, domains }: CallerDoorTools): readonly Door[] {
  const kept = new LRUCache<string, readonly Door[]>({ max: KEPT });
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

  return allDoors(tools).map(({ path }, place) => ({
    path,
    async handle(bytes: Uint8Array, call: Call) {
      const token = readBearer(call.authorization);
      const key = keyOf(token);
      const own = await callers.verdict(key, token, "");
      if (own.refusal !== undefined) throw own.refusal;
      const door = doorsOf(key, own.domain)[place] as Door;
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        try {
          return await door.handle(bytes, call);
        } catch (error) {
          if (!(error instanceof DomainNeeded)) throw error;
          const { what, domain } = error;
          if (what === "policy") await domains.open(domain, call.signal);
          else await callers.verdict(key, token, domain === own.domain ? "" : domain);
        }
      }
      throw new SidegateError(
        "SG3305",
        `one call is about more than ${ATTEMPTS / 2} domains that are new here`,
      );
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
