import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { type ContractFixture, EVENTUALLY, succeeded, workspace } from "./contract-fixture.ts";
import { type Json, textOf } from "./json.ts";

const HOLD = { finalizers: ["sidegate.dev/test"] };

/** The garbage collector, which works in the background. */
export function describeCollecting(fixture: ContractFixture): void {
  const path = (name: string) => `${fixture.workspaces}/${name}`;
  const ownedBy = (...owners: Json[]) => ({
    ownerReferences: owners.map((owner) => ({
      apiVersion: "sidegate.dev/v1alpha1",
      kind: "Workspace",
      name: textOf(owner.metadata?.name),
      uid: textOf(owner.metadata?.uid),
      blockOwnerDeletion: true,
    })),
  });
  const create = async (name: string, metadata: object) =>
    succeeded(await fixture.post(fixture.workspaces, workspace(name, {}, metadata)));
  const owner = async (name = "owner") => ((await fixture.create(name)) as [Json])[0];

  test("what is owned goes after its owner, and what that owns too", async () => {
    const top = await owner();
    const child = await create("child", ownedBy(top));
    await create("grandchild", ownedBy(child));
    await create("stranger", {});
    succeeded(await fixture.delete(path("owner")));
    await fixture.gone(path("child"));
    await fixture.gone(path("grandchild"));
    succeeded(await fixture.get(path("stranger")));
  });

  test("what has another owner stays, and forgets the one that went", async () => {
    const [first, second] = [await owner("first"), await owner("second")];
    await create("child", ownedBy(first, second));
    succeeded(await fixture.delete(path("first")));
    await expect
      .poll(async () => (await fixture.get(path("child"))).body.metadata?.ownerReferences, EVENTUALLY)
      .toMatchObject([{ name: "second" }]);
    succeeded(await fixture.delete(path("second")));
    await fixture.gone(path("child"));
  });

  test("what names an owner that is not there goes", async () => {
    const nobody = { metadata: { name: "nobody", uid: randomUUID() } } as unknown as Json;
    await create("child", ownedBy(nobody));
    await fixture.gone(path("child"));
  });

  test("what names an owner that was replaced by another of its name goes", async () => {
    const before = await owner();
    succeeded(await fixture.delete(path("owner")));
    await owner();
    await create("child", ownedBy(before));
    await fixture.gone(path("child"));
  });

  test("what is held by a finalizer is marked", async () => {
    await create("child", { ...ownedBy(await owner()), ...HOLD });
    succeeded(await fixture.delete(path("owner")));
    await expect
      .poll(async () => (await fixture.get(path("child"))).body.metadata?.deletionTimestamp, EVENTUALLY)
      .toBeTypeOf("string");
    succeeded(await fixture.patch(path("child"), { metadata: { finalizers: null } }));
  });

  test("an orphaning deletion lets dependents stay without an owner", async () => {
    await create("child", ownedBy(await owner()));
    const marked = succeeded(await fixture.delete(path("owner"), { propagationPolicy: "Orphan" }));
    expect(marked.metadata?.finalizers).toEqual(["orphan"]);
    await fixture.gone(path("owner"));
    const { metadata } = succeeded(await fixture.get(path("child")));
    expect(metadata?.ownerReferences).toBeUndefined();
  });

  test("a deletion in the foreground waits for dependents", async () => {
    await create("child", { ...ownedBy(await owner()), ...HOLD });
    const marked = succeeded(await fixture.delete(path("owner"), { propagationPolicy: "Foreground" }));
    expect(marked.metadata?.finalizers).toEqual(["foregroundDeletion"]);
    await expect
      .poll(async () => (await fixture.get(path("child"))).body.metadata?.deletionTimestamp, EVENTUALLY)
      .toBeTypeOf("string");
    succeeded(await fixture.get(path("owner")));
    succeeded(await fixture.patch(path("child"), { metadata: { finalizers: null } }));
    await fixture.gone(path("owner"));
  });
}
