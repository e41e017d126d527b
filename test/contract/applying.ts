import { describe, expect, test } from "vitest";
import { type ContractFixture, condition, refused, succeeded, workspace } from "./contract-fixture.ts";
import { causesOf, type Json, listOf, revisionOf, textOf } from "./json.ts";

interface Entry {
  readonly manager: string;
  readonly operation: string;
  readonly apiVersion: string;
  readonly fieldsType: string;
  readonly subresource?: string;
  readonly fieldsV1: object;
  readonly time: string;
}

const entries = (object: Json) => (object.metadata?.managedFields ?? []) as unknown as Entry[];
/** What a manager owns, by its name, operation and subresource. */
const ownedBy = (object: Json, manager: string, operation = "Apply", subresource?: string) =>
  entries(object).find(
    (e) => e.manager === manager && e.operation === operation && e.subresource === subresource,
  )?.fieldsV1;

const group = (members: object[]) => ({
  apiVersion: "sidegate.dev/v1alpha1",
  kind: "AccessGroup",
  metadata: { name: "g" },
  spec: { members },
});
const user = (name: string) => ({ kind: "User", name });

/** Server-side apply and who owns what. */
export function describeApplying(fixture: ContractFixture): void {
  const path = () => `${fixture.workspaces}/w`;
  const apply = (manager: string, spec: object, query = "", metadata = {}) =>
    fixture.apply(path(), manager, workspace("w", spec, metadata), query);

  test("an apply creates the object, and owns what it names", async () => {
    const answer = await apply("one", { attributes: { a: "1" } }, "", { labels: { l: "1" } });
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      metadata: { generation: 1 },
      spec: { organization: "acme", attributes: { a: "1" } },
    });
    expect(entries(answer.body)).toEqual([
      {
        manager: "one",
        operation: "Apply",
        apiVersion: "sidegate.dev/v1alpha1",
        fieldsType: "FieldsV1",
        time: expect.stringMatching(/^\d{4}-/),
        fieldsV1: {
          "f:metadata": { "f:labels": { "f:l": {} } },
          "f:spec": { "f:organization": {}, "f:attributes": { "f:a": {} } },
        },
      },
    ]);
  });

  test("the same apply again changes nothing", async () => {
    const first = succeeded(await apply("one", { displayName: "W" }));
    const again = await apply("one", { displayName: "W" });
    expect([again.status, revisionOf(again.body)]).toEqual([200, revisionOf(first)]);
  });

  test("a field that is not named any more goes; defaults and fields of others stay", async () => {
    succeeded(
      await apply("one", { displayName: "W", attributes: { a: "1", b: "1" } }, "", { labels: { l: "1" } }),
    );
    succeeded(await apply("two", { attributes: { b: "1" } }));
    const after = succeeded(await apply("one", {}));
    expect(after.spec).toEqual({ organization: "acme", attributes: { b: "1" } });
    expect(after.metadata?.labels).toBeUndefined();
    expect(ownedBy(after, "one")).toEqual({ "f:spec": { "f:organization": {} } });
    const last = succeeded(await fixture.apply(path(), "two", workspace("w")));
    expect(last.spec).toEqual({ organization: "acme" });
  });

  test("fields that nobody applied are not taken away", async () => {
    await fixture.create("w");
    succeeded(await fixture.patch(path(), { spec: { attributes: { manual: "x" } } }));
    succeeded(await apply("one", { attributes: { a: "1" } }));
    expect(succeeded(await apply("one", {})).spec).toEqual({
      organization: "acme",
      attributes: { manual: "x" },
    });
  });

  test("a value of another manager is a conflict, the same value is shared", async () => {
    succeeded(await apply("one", { displayName: "W" }));
    const shared = succeeded(await apply("two", { displayName: "W" }));
    expect(ownedBy(shared, "one")).toEqual(ownedBy(shared, "two"));
    const status = refused(await apply("two", { displayName: "V" }), 409, "Conflict");
    expect(status.message).toBe('Apply failed with 1 conflict: conflict with "one": .spec.displayName');
    expect(causesOf(status)).toEqual([
      { reason: "FieldManagerConflict", message: 'conflict with "one"', field: ".spec.displayName" },
    ]);
    expect(succeeded(await fixture.get(path())).spec?.displayName).toBe("W");
  });

  test("all conflicts are named", async () => {
    succeeded(await apply("one", { displayName: "W", attributes: { a: "1" } }));
    const status = refused(await apply("two", { displayName: "V", attributes: { a: "2" } }), 409, "Conflict");
    expect(status.message).toBe(
      'Apply failed with 2 conflicts: conflicts with "one":\n- .spec.displayName\n- .spec.attributes.a',
    );
  });

  test("force takes the fields over", async () => {
    succeeded(await apply("one", { displayName: "W", attributes: { a: "1" } }));
    const after = succeeded(await apply("two", { displayName: "V" }, "&force=true"));
    expect(after.spec).toMatchObject({ displayName: "V", attributes: { a: "1" } });
    expect(ownedBy(after, "one")).toEqual({
      "f:spec": { "f:organization": {}, "f:attributes": { "f:a": {} } },
    });
    expect(ownedBy(after, "two")).toEqual({ "f:spec": { "f:organization": {}, "f:displayName": {} } });
  });

  test("an update takes what it changes from those who applied it", async () => {
    const first = succeeded(await apply("one", { displayName: "W" }));
    const sent = { ...first, spec: { ...first.spec, displayName: "V" } };
    const after = succeeded(await fixture.put(`${path()}?fieldManager=editor`, sent));
    expect(ownedBy(after, "one")).toEqual({ "f:spec": { "f:organization": {} } });
    expect(ownedBy(after, "editor", "Update")).toEqual({ "f:spec": { "f:displayName": {} } });
    const status = refused(await apply("one", { displayName: "W" }), 409, "Conflict");
    expect(textOf(status.message)).toMatch(
      /^Apply failed with 1 conflict: conflict with "editor" using sidegate.dev\/v1alpha1(?: at \S+)?: \.spec\.displayName$/,
    );
  });

  test("a writer without a name is known by its user agent", async () => {
    const [created] = (await fixture.create("w")) as [Json];
    expect(entries(created)).toMatchObject([{ manager: "contract", operation: "Update" }]);
    expect(ownedBy(created, "contract", "Update")).toEqual({ "f:spec": { ".": {}, "f:organization": {} } });
  });

  test("finalizers are owned one by one", async () => {
    succeeded(await apply("one", {}, "", { finalizers: ["sidegate.dev/one"] }));
    const both = succeeded(await apply("two", {}, "", { finalizers: ["sidegate.dev/two"] }));
    expect(both.metadata?.finalizers).toEqual(["sidegate.dev/one", "sidegate.dev/two"]);
    const after = succeeded(await apply("one", {}));
    expect(after.metadata?.finalizers).toEqual(["sidegate.dev/two"]);
    succeeded(await apply("two", {}));
  });

  test("items of a list with keys are owned one by one", async () => {
    const groups = fixture.path("accessgroups/g");
    succeeded(await fixture.apply(groups, "one", group([user("ann"), user("bob")])));
    const both = succeeded(await fixture.apply(groups, "two", group([user("bob"), user("cid")])));
    expect(both.spec?.members).toEqual([user("ann"), user("bob"), user("cid")]);
    const key = 'k:{"kind":"User","name":"cid"}';
    expect(ownedBy(both, "two")).toMatchObject({
      "f:spec": { "f:members": { [key]: { ".": {}, "f:kind": {}, "f:name": {} } } },
    });
    const after = succeeded(await fixture.apply(groups, "one", group([])));
    expect(after.spec?.members).toEqual([user("bob"), user("cid")]);
  });

  test("an atomic object is owned as a whole", async () => {
    const binding = (name: string) => ({
      apiVersion: "sidegate.dev/v1alpha1",
      kind: "AccessRoleBinding",
      metadata: { name: "b" },
      spec: { role: "viewer", subjects: [user("ann")], scope: { kind: "Environment", name } },
    });
    const bindings = fixture.path("accessrolebindings/b");
    const first = succeeded(await fixture.apply(bindings, "one", binding("dev")));
    expect(ownedBy(first, "one")).toMatchObject({ "f:spec": { "f:scope": {} } });
    const status = refused(await fixture.apply(bindings, "two", binding("prod")), 409, "Conflict");
    expect(textOf(status.message)).toMatch(/conflict with "one": \.spec\.scope$/);
  });

  test("an apply may name the version it is based on", async () => {
    succeeded(await apply("one", {}));
    refused(await apply("one", { displayName: "W" }, "", { resourceVersion: "1" }), 409, "Conflict");
  });

  test.each([
    [
      "a manager",
      async () => fixture.patch(path(), workspace("w"), "application/apply-patch+yaml"),
      422,
      "Invalid",
    ],
    ["its own name", async () => fixture.apply(path(), "one", workspace("other")), 400, "BadRequest"],
    [
      "a name",
      async () => fixture.apply(path(), "one", workspace("", {}, { name: undefined })),
      400,
      "BadRequest",
    ],
    ["its own namespace", async () => apply("one", {}, "", { namespace: "other" }), 400, "BadRequest"],
    ["no managedFields", async () => apply("one", {}, "", { managedFields: [{}] }), 400, "BadRequest"],
    ["a kind", async () => fixture.apply(path(), "one", { metadata: { name: "w" } }), 400, "BadRequest"],
    ["YAML", async () => fixture.apply(path(), "one", "{"), 400, "BadRequest"],
    ["a valid object", async () => apply("one", { organization: null }), 422, "Invalid"],
  ] as const)("an apply needs %s", async (_, send, code, reason) => {
    refused(await send(), code, reason);
  });

  test.each([
    ["an unknown field", { unknown: 1 }, ".spec.unknown: field not declared in schema"],
    ["a value of a wrong type", { displayName: 5 }, ".spec.displayName: expected string, got"],
  ])("an apply with %s is an error of the server, strict or not", async (_, spec, text) => {
    for (const query of ["", "&fieldValidation=Ignore", "&fieldValidation=Strict"]) {
      const status = refused(await apply("one", spec, query), 500, undefined);
      expect(textOf(status.message)).toMatch(/^failed to create typed patch object \(/);
      expect(textOf(status.message)).toContain(text);
    }
  });

  test("an apply that names an item twice is an error of the server", async () => {
    const answer = await fixture.apply(
      fixture.path("accessgroups/g"),
      "one",
      group([user("ann"), user("ann")]),
    );
    expect(textOf(refused(answer, 500, undefined).message)).toContain(
      '.spec.members: duplicate entries for key [kind="User",name="ann"]',
    );
  });

  test("what has no owner is taken for the work of an earlier manager", async () => {
    await fixture.create("w");
    const forgotten = succeeded(await fixture.patch(path(), { metadata: { managedFields: [{}] } }));
    expect(forgotten.metadata?.managedFields).toBeUndefined();
    const status = refused(await apply("one", { organization: "other" }), 409, "Conflict");
    expect(textOf(status.message)).toContain(
      'conflict with "before-first-apply" using sidegate.dev/v1alpha1',
    );
  });

  test("YAML is taken", async () => {
    const text =
      "apiVersion: sidegate.dev/v1alpha1\nkind: Workspace\nmetadata: {name: w}\nspec: {organization: acme}\n";
    expect((await fixture.apply(path(), "one", text)).status).toBe(201);
  });

  describe("of a status", () => {
    const report = (manager: string, conditions: object[], query = "") => {
      const { spec: _, ...body } = workspace("w");
      return fixture.apply(`${path()}/status`, manager, { ...body, status: { conditions } }, query);
    };

    test("owns conditions one by one and leaves the spec", async () => {
      succeeded(await apply("owner", { displayName: "W" }));
      succeeded(await report("one", [condition("Accepted", "True")]));
      const both = succeeded(await report("two", [condition("Effective", "False")]));
      expect(both.spec).toEqual({ organization: "acme", displayName: "W" });
      expect(listOf(both.status?.conditions).map(({ type }) => type)).toEqual(["Accepted", "Effective"]);
      expect(ownedBy(both, "two", "Apply", "status")).toEqual({
        "f:status": {
          "f:conditions": {
            'k:{"type":"Effective"}': {
              ".": {},
              "f:type": {},
              "f:status": {},
              "f:reason": {},
              "f:message": {},
              "f:lastTransitionTime": {},
            },
          },
        },
      });
      expect(both.metadata?.generation).toBe(1);
    });

    test("conflicts on a condition of another manager", async () => {
      await fixture.create("w");
      succeeded(await report("one", [condition("Accepted", "True")]));
      const status = refused(await report("two", [condition("Accepted", "False")]), 409, "Conflict");
      expect(status.message).toBe(
        'Apply failed with 1 conflict: conflict with "one" with subresource "status": ' +
          '.status.conditions[type="Accepted"].status',
      );
      const after = succeeded(await report("two", [condition("Accepted", "False")], "&force=true"));
      expect(after.status?.conditions).toMatchObject([{ type: "Accepted", status: "False" }]);
    });

    test("takes away the conditions that it does not name any more", async () => {
      await fixture.create("w");
      succeeded(await report("one", [condition("Accepted", "True"), condition("Effective", "True")]));
      const after = succeeded(await report("one", [condition("Effective", "True")]));
      expect(after.status?.conditions).toMatchObject([{ type: "Effective" }]);
    });

    test("through the object is without effect, and owns nothing", async () => {
      const body = { ...workspace("w"), status: { observedGeneration: 1 } };
      const after = succeeded(await fixture.apply(path(), "one", body));
      expect(after.status).toBeUndefined();
      expect(ownedBy(after, "one")).toEqual({ "f:spec": { "f:organization": {} } });
    });

    test("does not create the object", async () => {
      refused(await report("one", []), 404, "NotFound");
    });
  });
}
