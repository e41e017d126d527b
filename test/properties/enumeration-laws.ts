import fc from "fast-check";
import type { DecisionRequest } from "../../engine/decide/request.ts";
import { findMalformed } from "../../engine/decide/request.ts";
import type { Holding } from "../../engine/enumerate/holding.ts";
import { listPermissions } from "../../engine/enumerate/list-permissions.ts";
import { listScopes } from "../../engine/enumerate/list-scopes.ts";
import { listSubjects } from "../../engine/enumerate/list-subjects.ts";
import { loadCompiled } from "../../engine/policy/load-compiled.ts";
import type { Policy } from "../../engine/policy/policy.ts";
import * as oracle from "../oracle/enumeration.ts";
import type { OracleRequest } from "../oracle/request.ts";
import { anyWorld } from "../worlds/any-world.ts";
import { now } from "../worlds/instants.ts";
import { worldWithRequests } from "../worlds/requests.ts";
import type { WorldObjects } from "../worlds/world.ts";
import { compile, engineOf, toDecisionRequest } from "./engine.ts";
import { type Law, law } from "./law.ts";
import { showCase } from "./show-case.ts";

/** An entry of whatever list: what it is about, what pages go on after, and how sure it is. */
interface Entry {
  readonly about: string;
  readonly key: string;
  readonly holding: Holding;
}

/** One of the three lists, asked of the engine and of the oracle. */
interface List {
  readonly name: string;
  entries(policy: Policy, request: DecisionRequest, instant: number, after?: string): Iterable<Entry>;
  expected(objects: WorldObjects, request: OracleRequest, instant: number): oracle.Holdings;
  /** The check that an entry is about. */
  single(request: OracleRequest, about: string): OracleRequest;
}

const permissions: List = {
  name: "permissions",
  *entries(policy, request, instant, after) {
    for (const { permission, holding } of listPermissions(policy, request, instant, after))
      yield { about: permission, key: permission, holding };
  },
  expected: oracle.listPermissions,
  single: (request, permission) => ({ ...request, permission }),
};

const scopes: List = {
  name: "scopes",
  *entries(policy, request, instant, after) {
    for (const found of listScopes(policy, request, instant, after))
      if (found !== undefined) yield { about: found.scope, key: found.key, holding: found.holding };
  },
  expected: oracle.listScopes,
  single: (request, scope) => ({ ...request, scope }),
};

const anywhere: List = {
  ...scopes,
  name: "scopes with any permission",
  entries: (policy, request, instant, after) =>
    scopes.entries(policy, { ...request, permission: "" }, instant, after),
  expected: (objects, request, instant) =>
    oracle.listScopes(objects, { ...request, permission: "" }, instant),
};

const subjects: List = {
  name: "subjects",
  *entries(policy, { token: _, ...request }, instant, after) {
    for (const found of listSubjects(policy, request, instant, after))
      if (found !== undefined)
        yield { about: `${found.kind}:${found.name}`, key: found.key, holding: found.holding };
  },
  expected: oracle.listSubjects,
  single({ token: _, ...request }, about) {
    const colon = about.indexOf(":");
    const [kind, name] = [about.slice(0, colon), about.slice(colon + 1)];
    if (kind !== "Group") return { ...request, subjectKind: kind, subjectName: name, groups: [] };
    const groups = name === AUTHENTICATED ? [] : [name];
    return { ...request, subjectKind: "User", subjectName: "a stranger", groups };
  },
};

const AUTHENTICATED = "system:authenticated";

const cases = worldWithRequests(anyWorld, 3, 3);

/** Lists tell what checks would. */
export const enumerationLaws: readonly Law[] = [
  law(
    "what a check allows, under whatever circumstances, is in all lists",
    1000,
    fc.property(cases, now, ({ objects, requests }, instant) => expectListed(objects, requests, instant)),
  ),
  ...[permissions, scopes, anywhere, subjects].flatMap(lawsOf),
];

function lawsOf(list: List): Law[] {
  return [
    law(
      `each entry of the list of ${list.name} that is Always is allowed, and the list is what the oracle finds`,
      list === permissions ? 1000 : 400,
      fc.property(cases, now, ({ objects, requests }, instant) => compare(list, objects, requests, instant)),
    ),
    law(
      `pages of the list of ${list.name} make up the list`,
      200,
      fc.property(cases, now, fc.integer({ min: 1, max: 5 }), ({ objects, requests }, instant, size) =>
        comparePages(list, objects, requests, instant, size),
      ),
    ),
  ];
}

function expectListed(objects: WorldObjects, requests: readonly OracleRequest[], instant: number): void {
  const policy = loadCompiled(compile(objects));
  const engine = engineOf(policy);
  for (const request of requests) {
    if (engine.decide(request, instant).outcome !== "Allowed") continue;
    const asked = toDecisionRequest(policy, request, instant);
    const { permission, scope, subjectKind, subjectName } = request;
    const isListed = (list: List, about: string) =>
      [...list.entries(policy, asked, instant)].some((entry) => entry.about === about);
    const missing: string[] = [];
    if (!isListed(permissions, permission)) missing.push("permission");
    if (!isListed(scopes, scope) || !isListed(anywhere, scope)) missing.push("scope");
    // In a list of subjects nobody asserts a group or bears a token.
    const isPlain = request.groups.length === 0 && request.token === undefined;
    const subject = `${subjectKind}:${subjectName}`;
    if (isPlain && !isListed(subjects, subject) && !isListed(subjects, `Group:${AUTHENTICATED}`))
      missing.push("subject");
    if (missing.length > 0) throw new Error(showCase(objects, { request, now: new Date(instant), missing }));
  }
}

function compare(
  list: List,
  objects: WorldObjects,
  requests: readonly OracleRequest[],
  instant: number,
): void {
  const policy = loadCompiled(compile(objects));
  const engine = engineOf(policy);
  for (const request of requests) {
    const asked = toDecisionRequest(policy, request, instant);
    if (findMalformed(asked) !== undefined) continue;
    const found = new Map<string, Holding>();
    const report = (facts: object) => {
      throw new Error(showCase(objects, { list: list.name, request, now: new Date(instant), ...facts }));
    };
    for (const { about, holding } of list.entries(policy, asked, instant)) {
      if (found.has(about)) report({ twice: about });
      found.set(about, holding);
      if (holding.certainty !== "Always" || list === anywhere) continue;
      for (const at of [instant, Math.min(holding.until - 1, FAR)]) {
        const { outcome } = engine.decide(list.single(request, about), at);
        if (outcome !== "Allowed") report({ entry: about, holding, at: new Date(at), outcome });
      }
    }
    if (request.stale || request.activeRoles.some((role) => !policy.model.roleRows.has(role))) {
      if (found.size > 0) report({ nothingExpected: [...found.keys()] });
      continue;
    }
    const expected = list.expected(objects, request, instant);
    for (const [about, holding] of found) {
      const other = expected.get(about);
      const isSame = holding.certainty === other?.certainty && untilOf(holding) === (other?.until ?? FAR);
      if (!isSame && !isOfKubernetes(about))
        report({ entry: about, engine: holding, oracle: other ?? "not listed" });
    }
    for (const [about, holding] of expected)
      if (!found.has(about) && !(list === subjects && isCovered(policy, about, found)))
        report({ missing: about, oracle: holding });
  }
}

/** Far enough for everything that ends to have ended. */
const FAR = Date.UTC(2100);

function untilOf(holding: Holding): number {
  return holding.certainty === "Always" ? Math.min(holding.until, FAR) : FAR;
}

/** Only the operator asks in the name of Kubernetes users, so the oracle knows no check that names them. */
function isOfKubernetes(about: string): boolean {
  return about.includes(":k8s:");
}

/** Whether a subject has what it has by `system:authenticated`, which is listed: a group, or one that no shard knows. */
function isCovered(policy: Policy, about: string, found: ReadonlyMap<string, Holding>): boolean {
  if (!found.has(`Group:${AUTHENTICATED}`)) return false;
  if (about.startsWith("Group:")) return true;
  const key = about.replace(/^User:/, "1").replace(/^ServiceAccount:/, "2");
  const tables = [
    policy.platform.subjects,
    ...[...policy.organizations.values()].map((grants) => grants.subjects),
    ...policy.subjects.map((bucket) => bucket?.members),
  ];
  return tables.every((table) => table === undefined || table.findText(key) < 0);
}

function comparePages(
  list: List,
  objects: WorldObjects,
  requests: readonly OracleRequest[],
  instant: number,
  size: number,
): void {
  const policy = loadCompiled(compile(objects));
  for (const request of requests) {
    const asked = toDecisionRequest(policy, request, instant);
    if (findMalformed(asked) !== undefined) continue;
    const whole = [...list.entries(policy, asked, instant)];
    const pages: Entry[] = [];
    for (let after = ""; ; ) {
      const page = take(list.entries(policy, asked, instant, after), size);
      pages.push(...page);
      if (page.length < size || pages.length > whole.length) break;
      after = page.at(-1)!.key;
    }
    const [all, inPages] = [JSON.stringify(whole), JSON.stringify(pages)];
    if (all !== inPages) throw new Error(showCase(objects, { list: list.name, request, size, all, inPages }));
  }
}

function take(entries: Iterable<Entry>, most: number): Entry[] {
  const taken: Entry[] = [];
  for (const entry of entries) {
    taken.push(entry);
    if (taken.length === most) break;
  }
  return taken;
}
