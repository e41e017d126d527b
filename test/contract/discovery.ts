import { expect, test } from "vitest";
import { type ContractFixture, GROUP, refused, succeeded } from "./contract-fixture.ts";
import { type Json, textOf } from "./json.ts";

/** How clients find out what a server has. */
export function describeDiscovery(fixture: ContractFixture): void {
  test.each(["/readyz", "/livez", "/healthz"])("%s says that the server is well", async (path) => {
    const answer = await fixture.get(path);
    expect([answer.status, answer.text]).toEqual([200, "ok"]);
  });

  test("the version has a major and a minor number", async () => {
    const version = succeeded(await fixture.get("/version"));
    expect(textOf(version.major)).toMatch(/^\d+$/);
    expect(textOf(version.minor)).toMatch(/^\d+\+?$/);
  });

  test("the core API and the group are listed with their versions", async () => {
    expect(succeeded(await fixture.get("/api"))).toMatchObject({ kind: "APIVersions", versions: ["v1"] });
    const groups = succeeded(await fixture.get("/apis"));
    const version = { groupVersion: "sidegate.dev/v1alpha1", version: "v1alpha1" };
    const group = { name: "sidegate.dev", versions: [version], preferredVersion: version };
    expect(groups.groups).toContainEqual(expect.objectContaining(group));
    expect(succeeded(await fixture.get("/apis/sidegate.dev"))).toMatchObject({ kind: "APIGroup", ...group });
  });

  test("the resources of the group are listed with their short names, verbs and status", async () => {
    const list = succeeded(await fixture.get(GROUP));
    expect(list).toMatchObject({ kind: "APIResourceList", groupVersion: "sidegate.dev/v1alpha1" });
    const resources = list.resources as unknown as Json[];
    const found = (name: string) => resources.find((resource) => String(resource.name) === name);
    expect(found("accessrolebindings")).toMatchObject({
      singularName: "accessrolebinding",
      namespaced: true,
      kind: "AccessRoleBinding",
      shortNames: ["arb"],
      categories: ["sidegate"],
      verbs: expect.arrayContaining([
        "get",
        "list",
        "watch",
        "create",
        "update",
        "patch",
        "delete",
        "deletecollection",
      ]),
    });
    expect(found("accessrolebindings/status")).toMatchObject({ kind: "AccessRoleBinding", namespaced: true });
    expect([...((found("accessrolebindings/status")?.verbs ?? []) as string[])].sort()).toEqual([
      "get",
      "patch",
      "update",
    ]);
  });

  test("what is not served is answered with a plain 404", async () => {
    for (const path of ["/apis/sidegate.example/v1", "/apis/sidegate.dev/v9", `${GROUP}/nothings`]) {
      const answer = await fixture.get(path);
      expect([path, answer.status, answer.text.trim()]).toEqual([path, 404, "404 page not found"]);
    }
  });

  test("a collection of all namespaces can be read, not written", async () => {
    succeeded(await fixture.get(`${GROUP}/workspaces`));
    expect((await fixture.post(`${GROUP}/workspaces`, {})).status).toBe(404);
    expect((await fixture.delete(`${GROUP}/workspaces`)).status).toBe(404);
  });

  test("methods that a resource does not have are refused", async () => {
    refused(await fixture.put(fixture.workspaces, {}), 400, "BadRequest");
    const status = `${fixture.workspaces}/any/status`;
    expect(refused(await fixture.post(status, {}), 405, "MethodNotAllowed").details).toMatchObject({
      group: "sidegate.dev",
      kind: "workspaces",
    });
    refused(await fixture.delete(status), 405, "MethodNotAllowed");
  });

  test("a client that takes no JSON is refused", async () => {
    const answer = await fixture.api.send("GET", fixture.workspaces, { headers: { accept: "text/csv" } });
    refused(answer, 406, "NotAcceptable");
  });
}
