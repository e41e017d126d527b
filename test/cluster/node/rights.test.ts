import { randomUUID } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { pick, type Rule, readManifests } from "../../chart/rendered/render.ts";
import { type AuditedRequest, readAuditLog } from "./audit-log.ts";
import { exerciseOperator } from "./exercise.ts";
import { install, NAMESPACE, restartOperator, template } from "./installation.ts";

/**
 * Rights that no suite can use for sure, with the reason why the operator has them. Everything else that the chart grants has to be
 * used, here or by one of the suites that ran before this file, and nothing may be refused.
 */
const unused: Readonly<Record<string, string>> = {
  "create configmaps":
    "server-side apply of what is not there is allowed as patch and create, but logged as patch",
  "delete configmaps": "one that somebody has made immutable is made anew",
  [`patch secrets in ${NAMESPACE}`]: "keys and authority are renewed after months",
};

interface Right {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly names: readonly string[] | undefined;
  /** undefined: everywhere. */
  readonly namespace: string | undefined;
}

let rights: Right[] = [];
let requests: AuditedRequest[] = [];

beforeAll(async () => {
  const path = process.env.SIDEGATE_AUDIT_LOG;
  if (path === undefined) throw new Error("SIDEGATE_AUDIT_LOG must name the API server's audit log");
  await install();
  await exerciseOperator(`rights-${randomUUID().slice(0, 8)}`);
  await restartOperator();
  const account = `system:serviceaccount:${NAMESPACE}:sidegate-operator`;
  requests = readAuditLog(path, account);
  const manifests = readManifests(await template());
  rights = [
    ...rightsOf(pick(manifests, "ClusterRole", "sidegate-operator").rules ?? [], undefined),
    ...rightsOf(pick(manifests, "Role", "sidegate-operator").rules ?? [], NAMESPACE),
  ];
});

function rightsOf(rules: readonly Rule[], namespace: string | undefined): Right[] {
  return rules.flatMap(({ apiGroups, resources, verbs, resourceNames: names }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) => verbs.map((verb) => ({ verb, group, resource, names, namespace }))),
    ),
  );
}

const nameOf = ({ verb, group, resource, namespace }: Right) =>
  `${verb} ${resource}${group === "" ? "" : `.${group}`}${namespace === undefined ? "" : ` in ${namespace}`}`;

const covers = (right: Right, { verb, group, resource, namespace, name }: AuditedRequest) =>
  verb === right.verb &&
  group === right.group &&
  resource === right.resource &&
  (right.namespace === undefined || right.namespace === namespace) &&
  (right.names === undefined || right.names.includes(name));

const isRefused = ({ code }: AuditedRequest) => code === 403;

// A request that a right covers is refused all the same where the right is not in force: by an API server that has just started and
// does not know the roles yet, in a namespace that is about to go, and while the chart is uninstalled. That the right is worth
// something otherwise is shown by the last test.
test("what the operator is refused is granted to it at other times", () => {
  expect(requests.length).toBeGreaterThan(20);
  const missing = requests.filter(
    (request) => isRefused(request) && !rights.some((right) => covers(right, request)),
  );
  expect(missing).toEqual([]);
});

test("no verb and no resource is granted as a whole", () => {
  expect(rights.filter(({ verb, resource, group }) => [verb, resource, group].includes("*"))).toEqual([]);
});

test("everything that it is granted it uses, or there is a reason", () => {
  const answered = requests.filter((request) => !isRefused(request));
  const names = rights.filter((right) => !answered.some((request) => covers(right, request))).map(nameOf);
  expect(names.toSorted()).toEqual(Object.keys(unused).toSorted());
});
