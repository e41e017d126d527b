import type { GrantAnswer, Grantable, GrantableQuery } from "../../client/grants.ts";
import { SidegateClient } from "../../client/sidegate-client.ts";
import type { Malformed } from "../../engine/decide/request.ts";
import { canGrant } from "../../engine/delegate/can-grant.ts";
import { findMalformedActor } from "../../engine/delegate/check-question.ts";
import { listGrantable } from "../../engine/delegate/list-grantable.ts";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import { toSidegateError } from "../asking/client-error.ts";
import { folderRequest } from "../asking/folder-request.ts";
import type { Asker } from "../asking/read-asker.ts";
import { sidecarQuestion } from "../asking/sidecar-question.ts";
import type { CliContext } from "../cli-context.ts";
import { openDomain } from "../folder/open-domain.ts";
import type { CanGrantOptions, GrantTarget } from "./can-grant-options.ts";

/** What answers for one actor at one scope. Answers reject with a SidegateError where there is none. */
export interface GrantSource {
  canGrant(verb: "Give" | "Take", role: string, target: GrantTarget): Promise<GrantAnswer>;
  list(): AsyncIterable<Grantable>;
  close(): void;
}

const LARGEST_PAGE = 1000;

/** Asks a running sidecar. */
export function sidecarGrants(options: CanGrantOptions, asker: Asker, context: CliContext): GrantSource {
  const { address, timeout, scope, domain, minPosition } = options;
  const client = new SidegateClient({ address, deadlineMs: timeout });
  const query: GrantableQuery = {
    ...sidecarQuestion(asker),
    scope,
    ...(domain !== undefined && { domain }),
    ...(minPosition && { minPosition }),
  };
  const asked = async <T>(answer: Promise<T>): Promise<T> => {
    try {
      return await answer;
    } catch (error) {
      throw toSidegateError(error, address);
    }
  };
  const calling = { signal: context.stopping };
  return {
    canGrant: (verb, role, target) => asked(client.canGrant({ ...query, verb, role, target }, calling)),
    async *list() {
      for (let token = ""; ; ) {
        const page = await asked(client.listGrantable(query, { size: LARGEST_PAGE, token }, calling));
        yield* page.entries;
        token = page.nextPageToken;
        if (token === "") return;
      }
    },
    close: () => client.close(),
  };
}

/**
 * Asks a folder of manifests in this process.
 *
 * @throws SidegateError SG5005 for a broken folder, SG5006 for a domain that it lacks
 */
export async function folderGrants(
  folder: string,
  { scope, domain }: CanGrantOptions,
  asker: Asker,
  { clock }: CliContext,
): Promise<GrantSource> {
  const { policy } = await openDomain(folder, domain);
  const now = clock.wallTime();
  const actor = await folderRequest(policy, asker, { permission: "", scope }, now);
  return {
    canGrant(verb, role, target) {
      const answer = canGrant(policy, { actor, verb, role, target }, now);
      if ("field" in answer) return Promise.reject(malformed(answer));
      return Promise.resolve({ ...answer, revision: policy.revision });
    },
    async *list() {
      const problem = findMalformedActor(actor);
      if (problem !== undefined) throw malformed(problem);
      for (const entry of listGrantable(policy, actor, now)) {
        if (entry === undefined) continue;
        const { key: _, ...grantable } = entry;
        yield grantable;
      }
    },
    close: () => {},
  };
}

function malformed({ detail }: Malformed): SidegateError {
  return new SidegateError("SG3001", detail);
}
