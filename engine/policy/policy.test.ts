import { describe, expect, it } from "vitest";
import { Shard } from "../../proto/generated/shard.js";
import { binding, build, role } from "../../test/worlds/build.ts";
import { type CompiledPolicy, hashShard, revisionOf } from "../compile/compiled-policy.ts";
import { DomainCompiler } from "../compile/domain-compiler.ts";
import { SHARD_FORMAT } from "../compile/shard-format.ts";
import { SidegateError } from "../errors/sidegate-error.ts";
import { Policy } from "./policy.ts";

function compiler(): DomainCompiler {
  const result = new DomainCompiler("shop");
  result.put(build("Organization", "acme", {}));
  result.put(build("Environment", "prod", { organization: "acme" }));
  result.put(role("viewer", { rules: [{ resources: ["*"], verbs: ["*"] }] }));
  result.put(binding("b", "viewer", "User:ann", "environment/prod"));
  return result;
}

function load(compiled: CompiledPolicy, previous?: Policy): { policy: Policy; asked: string[] } {
  const asked: string[] = [];
  const bytesOf = (hash: string) => {
    const shard = compiled.shards.find((candidate) => candidate.hash === hash);
    asked.push(shard?.id ?? "");
    return shard?.bytes ?? new Uint8Array();
  };
  return { policy: Policy.load(compiled, bytesOf, previous), asked };
}

/** The policy with the bytes of one shard changed, and hashes made to fit. */
function withShard(compiled: CompiledPolicy, id: string, bytes: Uint8Array): CompiledPolicy {
  const shards = compiled.shards.map((shard) =>
    shard.id === id ? { id, bytes, hash: hashShard(bytes) } : shard,
  );
  return { ...compiled, shards, revision: revisionOf(shards) };
}

describe("Policy.load", () => {
  it("asks only for the shards that its predecessor lacks", () => {
    const changed = compiler();
    const first = load(changed.compile({}));
    changed.put(binding("c", "viewer", "User:bob", "environment/prod"));
    const second = load(changed.compile({}), first.policy);
    expect(first.asked).toContain("model");
    expect(second.asked).toEqual(["organization/acme"]);
    expect(second.policy.model).toBe(first.policy.model);
  });

  it("refuses a revision that is not the hash of its shard list", () => {
    const compiled = compiler().compile({});
    expect(() => load({ ...compiled, revision: "0".repeat(64) })).toThrow(/shard list/);
  });

  it("refuses a format of the future", () => {
    const future = Shard.encode({ format: SHARD_FORMAT + 1 }).finish();
    expect(() => load(withShard(compiler().compile({}), "model", future))).toThrow(
      `format ${SHARD_FORMAT + 1}`,
    );
  });

  it.each<[string, string, Uint8Array]>([
    ["garbage", "model", Buffer.from("garbage")],
    ["a shard without body", "model", Shard.encode({ format: SHARD_FORMAT }).finish()],
    [
      "a model in the place of grants",
      "platform",
      Shard.encode({ format: SHARD_FORMAT, model: {} }).finish(),
    ],
    [
      "the grants of another organization",
      "organization/acme",
      Shard.encode({ format: SHARD_FORMAT, grants: { organization: "evil" } }).finish(),
    ],
    ["grants without scopes", "platform", Shard.encode({ format: SHARD_FORMAT, grants: {} }).finish()],
    [
      "a role that includes what there is not",
      "model",
      Shard.encode({ format: SHARD_FORMAT, model: { roles: [{ name: "r", includes: [7] }] } }).finish(),
    ],
    [
      "a verb that implies what there is not",
      "model",
      Shard.encode({
        format: SHARD_FORMAT,
        model: { types: [{ name: "t", level: 1, verbs: [{ name: "v", implies: [7] }] }] },
      }).finish(),
    ],
  ])("refuses %s", (_, id, bytes) => {
    expect(() => load(withShard(compiler().compile({}), id, bytes))).toThrow(
      expect.objectContaining({ code: "SG2002" }),
    );
  });

  it("refuses any shard with a byte cut off or an index out of range, and never fails otherwise", () => {
    const compiled = compiler().compile({});
    const { policy } = load(compiled);
    for (const shard of compiled.shards) {
      for (let length = 0; length < shard.bytes.length; length++) {
        expectSidegateErrorOrNone(() =>
          load(withShard(compiled, shard.id, shard.bytes.subarray(0, length)), policy),
        );
      }
      for (let at = 0; at < shard.bytes.length; at++) {
        const flipped = Uint8Array.from(shard.bytes);
        flipped[at]! ^= 0x55;
        expectSidegateErrorOrNone(() => load(withShard(compiled, shard.id, flipped), policy));
      }
    }
  });
});

function expectSidegateErrorOrNone(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof SidegateError)) throw error;
  }
}
