import { expect, test } from "vitest";
import { decide } from "../../engine/decide/decide.ts";
import { loadOrganization, Policy } from "../../engine/policy/policy.ts";
import { compiledOf, policyOf } from "../../test/integration/sidecar-fixture.ts";
import { binding, build, role } from "../../test/worlds/build.ts";
import { OrganizationsOnDemand } from "./organizations-on-demand.ts";
import { ShardGone } from "./shard-source.ts";
import { byOnePolicy, onceLoaded } from "./with-shards.ts";

/** A user in groups of many organizations, whose memberships decide what counts. */
const owners = ["a", "b", "c", "d"];
const objects = [
  build("PermissionCatalog", "shop", {
    resources: [{ name: "billing", level: "Organization", verbs: [{ name: "view" }] }],
  }),
  role("viewer", { rules: [{ resources: ["billing"], verbs: ["view"] }] }),
  ...owners.flatMap((name) => [
    build("Organization", name, {}),
    build("AccessGroup", `team-${name}`, { organization: name, members: [{ kind: "User", name: "ann" }] }),
    build("Membership", `ann-${name}`, { organization: name, subject: { kind: "User", name: "ann" } }),
    binding(`team-${name}`, "viewer", `AccessGroup:team-${name}`, `organization/${name}`),
  ]),
];
const request = {
  ...{ subjectKind: "User", subjectName: "ann", groups: [], resourceName: "", activeRoles: [] },
  ...{ permission: "billing:view", scope: "organization/c" },
};

test("A question whose shards never all fit is answered, holding one shard and what it has found out", async () => {
  const compiled = compiledOf(objects);
  const bytes = new Map(compiled.shards.map((shard) => [shard.hash, shard.bytes]));
  const loaded: string[] = [];
  const load = async ({ name, hash }: { name: string; hash: string }) => {
    loaded.push(name);
    return loadOrganization(name, bytes.get(hash)!);
  };
  const loader = { resident: () => undefined, load, fetch: load };
  const policy = Policy.load(
    compiled,
    (hash) => bytes.get(hash)!,
    undefined,
    (hashes) => new OrganizationsOnDemand(loader, compiled.domain, hashes),
  );
  const patience = { deadline: Infinity, signal: new AbortController().signal };
  const decision = await onceLoaded(policy, patience, (held) => decide(held, request, 0));
  expect(decision).toEqual(decide(policyOf(objects), request, 0));
  expect(decision.outcome).toBe("Allowed");
  // Each once for the membership, and the one that the question is about once more, to stay until it is answered.
  expect([...loaded].sort()).toEqual(["a", "b", "c", "c", "d"]);
});

test("A request whose shards are gone starts anew, three times at most", async () => {
  const tries: boolean[] = [];
  const answer = (isLast: boolean) => {
    tries.push(isLast);
    if (tries.length < 3) throw new ShardGone("00");
    return "by the newer policy";
  };
  expect(await byOnePolicy(answer)).toBe("by the newer policy");
  expect(tries).toEqual([false, false, true]);
  await expect(byOnePolicy(() => Promise.reject(new ShardGone("00")))).rejects.toThrow(ShardGone);
});
