import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CompiledPolicy } from "../../engine/compile/compiled-policy.ts";
import type { AuthorityState } from "../../operator/trust/authority-state.ts";
import { KeySigner } from "../../operator/trust/key-signer.ts";
import { NOTHING, rotate } from "../../operator/trust/rotate.ts";
import { signingSchedule } from "../../operator/trust/schedules.ts";
import { formatPolicyKeys } from "../../operator/trust/signing-key.ts";
import { openPolicyKeyFile, type PolicyKeyFile } from "../../sidecar/trust/policy-key-file.ts";
import { createVerifier } from "../../sidecar/trust/verifier.ts";
import { compiledPolicy } from "../support/policies.ts";
import { until } from "../support/raw-sidecar.ts";
import { silent } from "../support/silent-logger.ts";
import { Plant, type TestSidecar } from "./plant.ts";

const policies = ["1", "2", "3", "4"].map((number) =>
  compiledPolicy({ shards: { model: `m${number}` }, position: { AccessRole: number } }),
) as [CompiledPolicy, CompiledPolicy, CompiledPolicy, CompiledPolicy];
const [first, second, third, fourth] = policies;
const has = (sidecar: TestSidecar, { domain, revision }: CompiledPolicy) =>
  sidecar.snapshots.get(domain)?.revision === revision;

let plant: Plant;
let keyFile: PolicyKeyFile | undefined;
/** What the operator vouches with, and when it believes it to be. */
const authority: { state: AuthorityState; aheadMs: number } = { state: NOTHING, aheadMs: 0 };
let path: string;

const publish = () => writeFile(path, formatPolicyKeys(authority.state.signingKeys));
const wall = () => plant.clock.wallTime() + authority.aheadMs;
const nextRotation = async () => {
  authority.state = (await rotate(authority.state, wall())).state;
};

beforeEach(async () => {
  plant = new Plant();
  Object.assign(authority, { state: NOTHING, aheadMs: 0 });
  path = join(await plant.directory(), "policy-keys.json");
  await nextRotation();
  await publish();
  // The operator's wall clock for keys alone runs ahead, so that months pass while its words stay of today.
  const { clock } = plant;
  plant.signer = new KeySigner(authority, { ...clock, now: () => clock.now(), wallTime: wall } as never);
});

afterEach(async () => {
  keyFile?.stop();
  await plant.end();
});

/** A sidecar that trusts what the file says. */
async function sidecarOf(address: string, directory?: string): Promise<TestSidecar> {
  keyFile?.stop();
  keyFile = openPolicyKeyFile({ path, clock: plant.clock, logger: silent });
  const verifier = createVerifier(keyFile);
  return plant.sidecar({ addresses: [address], verifier, ...(directory && { directory }) });
}

describe("signed delivery", () => {
  test("goes on over the life of a key, announced, active and gone, without a refusal", async () => {
    const { book, server } = await plant.operator("127.0.0.1:0", first);
    const sidecar = await sidecarOf(server.address);
    await until(() => has(sidecar, first));
    authority.aheadMs += signingSchedule.activeMs - signingSchedule.announceMs;
    await nextRotation();
    expect(authority.state.signingKeys).toHaveLength(2);
    await publish();
    book.publish(second);
    await until(() => has(sidecar, second));
    // Before its turn comes, a day later, the file has long been read.
    const next = authority.state.signingKeys[1]?.id ?? "";
    await until(() => keyFile?.get(next) !== undefined);
    // The turn of the next one comes without a word to anybody.
    authority.aheadMs += signingSchedule.announceMs;
    book.publish(third);
    await until(() => has(sidecar, third));
    authority.aheadMs += signingSchedule.retainMs;
    await nextRotation();
    expect(authority.state.signingKeys).toHaveLength(1);
    await publish();
    book.publish(fourth);
    await until(() => has(sidecar, fourth));
    expect(sidecar.lines.filter(({ level }) => level >= 50)).toEqual([]);
  });

  test("by an operator with other keys is refused until the file has them, and the old policy stays", async () => {
    const { book, server } = await plant.operator("127.0.0.1:0", first);
    const sidecar = await sidecarOf(server.address);
    await until(() => has(sidecar, first));
    authority.state = NOTHING;
    await nextRotation();
    book.publish(second);
    await until(() => server.fleet.summary("shop", 0).current === 0);
    await until(() => sidecar.lines.some(({ code }) => code === "SG2009"));
    expect(has(sidecar, first)).toBe(true);
    await publish();
    await until(() => has(sidecar, second));
  });

  test("by an operator that does not sign is refused", async () => {
    plant.signer = undefined;
    const { server } = await plant.operator("127.0.0.1:0", first);
    const sidecar = await sidecarOf(server.address);
    await until(() => sidecar.lines.some(({ code }) => code === "SG2008"));
    expect(sidecar.snapshots.get("shop")).toBeUndefined();
  });

  test("is kept on disk with the last word, which a restart believes under today's keys", async () => {
    const directory = await plant.directory();
    const { server } = await plant.operator("127.0.0.1:0", first);
    const before = await sidecarOf(server.address, directory);
    await until(() => has(before, first));
    const [old] = authority.state.signingKeys;
    authority.state = NOTHING;
    await nextRotation();
    const [next] = authority.state.signingKeys;
    await writeFile(path, formatPolicyKeys([old, next].flatMap((key) => key ?? [])));
    const progresses = before.heard.get("progress") ?? 0;
    // Of these the last ones are signed by the new key, and one of them is on disk.
    await until(() => (before.heard.get("progress") ?? 0) > progresses + 3);
    await before.stop();
    await publish();
    const after = await sidecarOf("127.0.0.1:1", directory);
    expect(has(after, first)).toBe(true);
    expect(after.snapshots.freshness("shop", plant.clock.wallTime()).fresh).toBe(true);
  });
});
