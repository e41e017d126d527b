import { pino } from "pino";
import type { Check } from "../../client/check.ts";
import {
  type PageOptions,
  toListRequest,
  toPermissionPage,
  toScopePage,
  toSubjectPage,
} from "../../client/lists.ts";
import type { Policy } from "../../engine/policy/policy.ts";
import type { Clock } from "../../host/clock.ts";
import type { Input } from "../../proto/message-type.ts";
import type { Method } from "../../proto/method.ts";
import { sidegateService } from "../../proto/sidegate-service.ts";
import type { WaitingPolicies } from "../../sidecar/api/await-position.ts";
import { listDoor } from "../../sidecar/api/lists/list-door.ts";
import { permissionList } from "../../sidecar/api/lists/list-permissions.ts";
import { scopeList } from "../../sidecar/api/lists/list-scopes.ts";
import { subjectList } from "../../sidecar/api/lists/list-subjects.ts";
import { Turns } from "../../sidecar/api/turns.ts";
import { TokenVerifier } from "../../sidecar/token/token-verifier.ts";
import { openDomain } from "../folder/open-domain.ts";
import type { ListSource } from "./list-source.ts";

/**
 * Lists from a folder of manifests, through the doors that a sidecar has.
 *
 * @throws SidegateError SG5005 for a broken folder, SG5006 for a domain that it lacks
 */
export async function folderSource(
  folder: string,
  domain: string | undefined,
  clock: Clock,
  signal: AbortSignal,
): Promise<ListSource> {
  const { policy } = await openDomain(folder, domain);
  const tokens = new TokenVerifier(pino({ level: "silent" }));
  const tools = { policies: only(policy), tokens, clock, turns: new Turns() };
  const doors = {
    permissions: listDoor(permissionList, tools),
    subjects: listDoor(subjectList, tools),
    scopes: listDoor(scopeList, tools),
  };
  async function ask<Request extends Input<object>, Response>(
    door: keyof typeof doors,
    { requestSerialize, responseDeserialize }: Method<Request, Response>,
    query: Partial<Check>,
    page: PageOptions,
  ): Promise<Response> {
    const request = requestSerialize(toListRequest(query, page, policy.domain) as Input<Request>);
    const answer = await doors[door].handle(request, { deadline: Number.POSITIVE_INFINITY, signal });
    return responseDeserialize(answer);
  }
  const { listPermissions, listSubjects, listScopes } = sidegateService;
  return {
    permissions: async (query, page) =>
      toPermissionPage(await ask("permissions", listPermissions, query, page)),
    subjects: async (query, page) => toSubjectPage(await ask("subjects", listSubjects, query, page)),
    scopes: async (query, page) => toScopePage(await ask("scopes", listScopes, query, page)),
    close: () => {},
  };
}

/** One policy that is always current. */
function only(policy: Policy): WaitingPolicies {
  return {
    sole: policy.domain,
    domains: () => [policy.domain],
    get: (domain) => (domain === policy.domain ? policy : undefined),
    freshness: () => ({ fresh: true }),
    waitFor: () => Promise.resolve(policy),
  };
}
