import { describe, expect, test } from "vitest";
import type { CompiledShard } from "../../../engine/compile/compiled-policy.ts";
import { encodeStatement, type Statement } from "../../../engine/policy/statement.ts";
import { type ShardChunk, SyncResponse } from "../../../proto/generated/delivery.js";
import { compiledPolicy } from "../../../test/support/policies.ts";
import type { Signer } from "../../trust/signer.ts";
import { encodeChunk, encodeCommit, encodeProgress } from "./messages.ts";

/** Its signatures are the bytes that are signed. */
function countingSigner(): Signer & { count: number } {
  return {
    count: 0,
    sign(statement) {
      this.count++;
      return { signature: encodeStatement(statement), keyId: "k1" };
    },
  };
}

const policy = () =>
  compiledPolicy({ shards: { model: "m" }, position: { Organization: "7", AccessRole: "5" } });
const statementOf = ({ domain, revision, epoch, position }: Statement, issuedAt: number) =>
  Buffer.from(encodeStatement({ domain, revision, epoch, position, issuedAt }));

describe("a piece of a shard", () => {
  const shard = compiledPolicy({ shards: { model: "abcdef" } }).shards[0] as CompiledShard;

  test("is encoded once for all sidecars that get it", () => {
    expect(encodeChunk("shop", shard, 0, 6)).toBe(encodeChunk("shop", shard, 0, 6));
  });

  test("is not taken for another one", () => {
    const pieces = [
      encodeChunk("shop", shard, 0, 3),
      encodeChunk("shop", shard, 3, 6),
      encodeChunk("shop", shard, 0, 6),
      encodeChunk("bank", shard, 0, 6),
    ].map((bytes) => SyncResponse.decode(bytes).chunk as ShardChunk);
    expect(pieces.map(({ domain, data, last }) => [domain, Buffer.from(data).toString(), last])).toEqual([
      ["shop", "abc", false],
      ["shop", "def", true],
      ["shop", "abcdef", true],
      ["bank", "abcdef", true],
    ]);
  });
});

describe("what is said of a policy", () => {
  test("is signed as a statement of the very fields that are sent", () => {
    const said = { ...policy(), issuedAt: 0 };
    const commit = SyncResponse.decode(encodeCommit(said, 1_000, countingSigner())).commit;
    expect(commit).toMatchObject({ keyId: "k1", policy: { issuedAt: 1_000, revision: said.revision } });
    expect(Buffer.from(commit?.signature ?? [])).toEqual(statementOf(said, 1_000));
    const progress = SyncResponse.decode(encodeProgress(said, 2_000, countingSigner())).progress;
    expect(progress).toMatchObject({ keyId: "k1", issuedAt: 2_000 });
    expect(Buffer.from(progress?.signature ?? [])).toEqual(statementOf(said, 2_000));
  });

  test("is signed once for a thousand sidecars at about the same time", () => {
    const said = policy();
    const signer = countingSigner();
    for (let sidecar = 0; sidecar < 1_000; sidecar++) {
      encodeCommit(said, 1_000 + sidecar / 10, signer);
      encodeProgress(said, 1_000 + sidecar / 10, signer);
    }
    expect(signer.count).toBe(2);
    encodeCommit(said, 1_250, signer);
    expect(signer.count).toBe(3);
  });

  test("is never dated later than it was asked for", () => {
    const said = policy();
    const signer = countingSigner();
    encodeCommit(said, 1_000, signer);
    expect(SyncResponse.decode(encodeCommit(said, 900, signer)).commit?.policy?.issuedAt).toBe(900);
  });

  test("has no signature where nobody signs, whoever signed it before", () => {
    const said = policy();
    encodeCommit(said, 1_000, countingSigner());
    expect(SyncResponse.decode(encodeCommit(said, 1_000)).commit).toMatchObject({ keyId: "" });
  });
});
