import { expect, test } from "vitest";
import { type ContractFixture, refused, succeeded, workspace } from "./contract-fixture.ts";
import { causesOf, textOf } from "./json.ts";

const domain = (name: string) => ({
  apiVersion: "sidegate.dev/v1alpha1",
  kind: "AccessDomain",
  metadata: { name },
  spec: { defaultRoles: [] },
});

/** What becomes of a new object. */
export function describeCreating(fixture: ContractFixture): void {
  test("a new object gets what the server gives: uid, time, generation and a decimal resourceVersion", async () => {
    const answer = await fixture.post(fixture.workspaces, workspace("w"));
    expect(answer.status).toBe(201);
    const { metadata, spec, status } = answer.body;
    expect(metadata).toMatchObject({ name: "w", namespace: fixture.namespace, generation: 1 });
    expect(textOf(metadata?.uid)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-/);
    expect(textOf(metadata?.resourceVersion)).toMatch(/^[1-9]\d*$/);
    expect(textOf(metadata?.creationTimestamp)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect([spec, status]).toEqual([{ organization: "acme" }, undefined]);
    expect(succeeded(await fixture.get(`${fixture.workspaces}/w`))).toEqual(answer.body);
  });

  test("system fields that the client sets are not taken over", async () => {
    const more = { uid: "mine", generation: 7, creationTimestamp: "2001-01-01T00:00:00Z" };
    const { metadata } = succeeded(await fixture.post(fixture.workspaces, workspace("w", {}, more)));
    expect(metadata?.generation).toBe(1);
    expect(metadata?.uid).not.toBe("mine");
    expect(textOf(metadata?.creationTimestamp)).not.toMatch(/^2001/);
  });

  test("a status is dropped", async () => {
    const body = { ...workspace("w"), status: { observedGeneration: 4 } };
    expect(succeeded(await fixture.post(fixture.workspaces, body)).status).toBeUndefined();
  });

  test("defaults are filled in, also below other defaults", async () => {
    const { spec } = succeeded(await fixture.post(fixture.path("accessdomains"), domain("default")));
    expect(spec).toMatchObject({ membership: "Required", staleness: { maxSeconds: 300, then: "Deny" } });
  });

  test("a null counts as a field that is left out", async () => {
    const body = workspace("w", { displayName: null, attributes: null });
    expect(succeeded(await fixture.post(fixture.workspaces, body)).spec).toEqual({ organization: "acme" });
  });

  test("a generateName is completed", async () => {
    const body = workspace("", {}, { name: undefined, generateName: "made-" });
    const names = [
      await fixture.post(fixture.workspaces, body),
      await fixture.post(fixture.workspaces, body),
    ].map((answer) => textOf(succeeded(answer).metadata?.name));
    for (const name of names) expect(name).toMatch(/^made-[a-z0-9]{5}$/);
    expect(new Set(names).size).toBe(2);
  });

  test("a second object of the same name is refused", async () => {
    await fixture.create("w");
    const status = refused(await fixture.post(fixture.workspaces, workspace("w")), 409, "AlreadyExists");
    expect(status.message).toBe('workspaces.sidegate.dev "w" already exists');
    expect(status.details).toEqual({ name: "w", group: "sidegate.dev", kind: "workspaces" });
  });

  test("an object needs a name, and one that fits", async () => {
    const nameless = refused(
      await fixture.post(fixture.workspaces, workspace("", {}, { name: undefined })),
      422,
      "Invalid",
    );
    expect(causesOf(nameless)).toContainEqual(
      expect.objectContaining({ field: "metadata.name", reason: "FieldValueRequired" }),
    );
    const wrong = refused(await fixture.post(fixture.workspaces, workspace("Not_A_Name")), 422, "Invalid");
    expect(causesOf(wrong)).toContainEqual(
      expect.objectContaining({ field: "metadata.name", reason: "FieldValueInvalid" }),
    );
  });

  test("a namespace must be there, and be the one of the path", async () => {
    const missing = refused(
      await fixture.post(fixture.path("workspaces", "no-such-namespace"), workspace("w")),
      404,
      "NotFound",
    );
    expect(missing.details).toEqual({ name: "no-such-namespace", kind: "namespaces" });
    refused(
      await fixture.post(fixture.workspaces, workspace("w", {}, { namespace: "other" })),
      400,
      "BadRequest",
    );
  });

  test("a resourceVersion must not be set", async () => {
    refused(
      await fixture.post(fixture.workspaces, workspace("w", {}, { resourceVersion: "5" })),
      500,
      undefined,
    );
  });

  test("a violation of the schema is refused with the field that is wrong", async () => {
    const missing = refused(
      await fixture.post(fixture.workspaces, { ...workspace("w"), spec: {} }),
      422,
      "Invalid",
    );
    expect(textOf(missing.message)).toMatch(/^Workspace\.sidegate\.dev "w" is invalid: /);
    expect(missing.details).toMatchObject({ name: "w", group: "sidegate.dev", kind: "Workspace" });
    expect(causesOf(missing)).toContainEqual(
      expect.objectContaining({ field: "spec.organization", reason: "FieldValueRequired" }),
    );
    const wrong = refused(
      await fixture.post(fixture.workspaces, workspace("w", { displayName: 5 })),
      422,
      "Invalid",
    );
    expect(causesOf(wrong)).toContainEqual(expect.objectContaining({ field: "spec.displayName" }));
  });

  test("a violation of a CEL rule is refused with the message of the rule", async () => {
    const status = refused(
      await fixture.post(fixture.path("accessdomains"), domain("other")),
      422,
      "Invalid",
    );
    expect(textOf(status.message)).toMatch(/default/);
  });

  test("labels and owners must be well-formed", async () => {
    const metadata = {
      labels: { "not a key": "x", ok: "not a value!" },
      ownerReferences: [{ apiVersion: "v1", kind: "Namespace", name: "", uid: "" }],
    };
    const status = refused(
      await fixture.post(fixture.workspaces, workspace("w", {}, metadata)),
      422,
      "Invalid",
    );
    const fields = new Set(causesOf(status).map(({ field }) => field));
    expect(fields).toContain("metadata.labels");
    expect(fields).toContain("metadata.ownerReferences.name");
    expect(fields).toContain("metadata.ownerReferences.uid");
  });

  test("unknown fields are dropped with a warning, or refused when asked to be strict", async () => {
    const body = workspace("w", { organisation: "acme" });
    const strict = refused(
      await fixture.post(`${fixture.workspaces}?fieldValidation=Strict`, body),
      400,
      "BadRequest",
    );
    expect(textOf(strict.message)).toContain('strict decoding error: unknown field "spec.organisation"');
    const answer = await fixture.post(fixture.workspaces, body);
    expect(succeeded(answer).spec).toEqual({ organization: "acme" });
    expect(answer.headers.warning).toBe('299 - "unknown field \\"spec.organisation\\""');
    const quiet = await fixture.post(
      `${fixture.workspaces}?fieldValidation=Ignore`,
      workspace("v", { organisation: "acme" }),
    );
    expect([quiet.status, quiet.headers.warning]).toEqual([201, undefined]);
  });

  test("metadata must have the types it has", async () => {
    for (const metadata of [{ labels: { a: 1 } }, { name: 5 }, { finalizers: "x" }]) {
      refused(await fixture.post(fixture.workspaces, workspace("w", {}, metadata)), 400, "BadRequest");
    }
  });

  test("a body above 3 MiB is refused", async () => {
    const body = workspace("w", { displayName: "x".repeat(3 * 1024 * 1024) });
    refused(await fixture.post(fixture.workspaces, body), 413, "RequestEntityTooLarge");
  });

  test("a dry run is answered like a creation and stores nothing", async () => {
    const answer = await fixture.post(`${fixture.workspaces}?dryRun=All`, workspace("w"));
    expect([answer.status, answer.body.metadata?.resourceVersion]).toEqual([201, undefined]);
    expect((await fixture.get(`${fixture.workspaces}/w`)).status).toBe(404);
  });

  test("YAML is taken like JSON", async () => {
    const text =
      "apiVersion: sidegate.dev/v1alpha1\nkind: Workspace\nmetadata: {name: w}\nspec: {organization: acme}\n";
    const answer = await fixture.post(fixture.workspaces, text, { contentType: "application/yaml" });
    expect(succeeded(answer).metadata?.name).toBe("w");
  });

  test("bodies that are no object of the kind are refused", async () => {
    refused(await fixture.post(fixture.workspaces, "{not json"), 400, "BadRequest");
    refused(await fixture.post(fixture.workspaces, { metadata: { name: "w" } }), 400, "BadRequest");
    refused(
      await fixture.post(fixture.workspaces, { ...workspace("w"), apiVersion: "sidegate.dev/v9" }),
      400,
      "BadRequest",
    );
    const other = refused(
      await fixture.post(fixture.workspaces, { ...workspace("w"), kind: "Membership" }),
      422,
      "Invalid",
    );
    expect(causesOf(other)).toContainEqual(expect.objectContaining({ field: "kind" }));
    refused(
      await fixture.post(fixture.workspaces, "x", { contentType: "text/plain" }),
      415,
      "UnsupportedMediaType",
    );
  });
}
