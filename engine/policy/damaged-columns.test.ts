import { expect, it } from "vitest";
import { Shard } from "../../proto/generated/shard.js";
import { binding, build, role } from "../../test/worlds/build.ts";
import { type CompiledPolicy, hashShard, revisionOf } from "../compile/compiled-policy.ts";
import { DomainCompiler } from "../compile/domain-compiler.ts";
import type { SidegateObject } from "../model/objects.generated.ts";
import { Policy } from "./policy.ts";

const subject = { kind: "User", name: "ann" } as const;
const expiresAt = "2030-01-01T00:00:00Z";

/** Something in every column. */
const objects: SidegateObject[] = [
  build("Organization", "acme", { attributes: { tier: "gold" } }),
  build("Workspace", "w", { organization: "acme" }),
  build("Environment", "prod", { workspace: "w", type: "production" }),
  build("Membership", "ann", { organization: "acme", subject, expiresAt, attributes: { team: "a" } }),
  role("viewer", {}),
  role("editor", {}),
  binding("b", "viewer", "User:ann", "environment/prod", { expiresAt, when: "true" }),
  {
    ...binding("c", "editor", "User:ann", "organization/acme"),
    metadata: { name: "c", namespace: "shop", labels: { "argocd.argoproj.io/instance": "shop" } },
  },
];

const ID = "organization/acme";

/** Loads the world with one column of the organization's shard changed. */
function loadWith(column: string, change: (bytes: Uint8Array) => Uint8Array): Policy {
  const compiler = new DomainCompiler("shop");
  for (const object of objects) compiler.put(object);
  const compiled = compiler.compile({});
  const shards = compiled.shards.map((shard) => {
    if (shard.id !== ID) return shard;
    const decoded = Shard.decode(shard.bytes);
    const grants = decoded.grants as unknown as Record<string, Uint8Array>;
    grants[column] = change(grants[column] as Uint8Array);
    const bytes = Shard.encode(decoded).finish();
    return { id: ID, bytes, hash: hashShard(bytes) };
  });
  return load({ ...compiled, shards, revision: revisionOf(shards) });
}

function load(compiled: CompiledPolicy): Policy {
  const bytes = new Map(compiled.shards.map((shard) => [shard.hash, shard.bytes]));
  return Policy.load(compiled, (hash) => bytes.get(hash) as Uint8Array);
}

const indexes = [
  ...["scopeParent", "bindingRole", "bindingScope", "bindingWindow", "bindingWhen", "subjectGrantEnds"],
  ...["grantBinding", "subjectMember", "scopeType", "scopeAttributes", "memberAttributes"],
  "bindingProvenance",
];

it.each(indexes)("has something in the column %s, which loads as it is", (column) => {
  expect(() =>
    loadWith(column, (bytes) => {
      expect(bytes.length).toBeGreaterThan(0);
      return bytes;
    }),
  ).not.toThrow();
});

it.each(indexes)("refuses the column %s with an index beyond its table", (column) => {
  const beyond = (bytes: Uint8Array) => {
    const changed = Uint8Array.from(bytes);
    new DataView(changed.buffer).setUint32(changed.length - 4, 1000, true);
    return changed;
  };
  expect(() => loadWith(column, beyond)).toThrow(expect.objectContaining({ code: "SG2002" }));
});

it.each([...indexes, "windows", "bindingFlags"])(
  "refuses the column %s with a row more or part of one",
  (column) => {
    for (const added of [1, 3]) {
      const longer = (bytes: Uint8Array) => Uint8Array.from([...bytes, ...Array(added).fill(0)]);
      expect(() => loadWith(column, longer)).toThrow(expect.objectContaining({ code: "SG2002" }));
    }
  },
);
