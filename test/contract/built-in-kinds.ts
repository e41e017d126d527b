import { expect, test } from "vitest";
import { type ContractFixture, refused, succeeded } from "./contract-fixture.ts";
import { causesOf, revisionOf } from "./json.ts";

/** Leases, Events and Namespaces, as far as an operator uses them. */
export function describeBuiltInKinds(fixture: ContractFixture): void {
  const lease = (spec: object, metadata = {}) => ({
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name: "leader", ...metadata },
    spec,
  });
  const term = { leaseDurationSeconds: 15, renewTime: "2026-01-01T00:00:00.000000Z" };

  test("of two who would take a lease one loses", async () => {
    const free = succeeded(await fixture.post(fixture.leases, lease({ holderIdentity: "", ...term })));
    const take = (holderIdentity: string) =>
      fixture.put(`${fixture.leases}/leader`, { ...free, spec: { ...free.spec, holderIdentity } });
    const answers = await Promise.all([take("one"), take("two")]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const winner = succeeded(answers.find(({ status }) => status === 200) as (typeof answers)[0]);
    expect(succeeded(await fixture.get(`${fixture.leases}/leader`))).toEqual(winner);
    expect(winner.metadata?.generation).toBeUndefined();
  });

  test("a lease can be created by an update, and not be updated without its version", async () => {
    const answer = await fixture.put(`${fixture.leases}/leader`, lease(term));
    expect(answer.status).toBe(201);
    refused(await fixture.put(`${fixture.leases}/leader`, lease(term)), 422, "Invalid");
    const renewed = lease(
      { ...term, leaseTransitions: 1 },
      { resourceVersion: answer.body.metadata?.resourceVersion },
    );
    const after = succeeded(await fixture.put(`${fixture.leases}/leader`, renewed));
    expect(revisionOf(after)).toBeGreaterThan(revisionOf(answer.body));
  });

  test("apiVersion and kind can be left out", async () => {
    const created = succeeded(await fixture.post(fixture.leases, { metadata: { name: "l" } }));
    expect(created).toMatchObject({ apiVersion: "coordination.k8s.io/v1", kind: "Lease" });
    const other = { apiVersion: "v1", kind: "Namespace", metadata: { name: "other" } };
    refused(await fixture.post(fixture.leases, other), 400, "BadRequest");
  });

  test("a lease lasts longer than nothing", async () => {
    const status = refused(
      await fixture.post(fixture.leases, lease({ leaseDurationSeconds: 0 })),
      422,
      "Invalid",
    );
    expect(causesOf(status)).toMatchObject([{ field: "spec.leaseDurationSeconds" }]);
  });

  test.each([
    ["times without microseconds", { renewTime: "2026-01-01T00:00:00Z" }],
    ["times with milliseconds only", { renewTime: "2026-01-01T00:00:00.000Z" }],
    ["texts for numbers", { leaseDurationSeconds: "15" }],
  ])("a lease with %s is refused", async (_, spec) => {
    refused(await fixture.post(fixture.leases, lease(spec)), 400, "BadRequest");
  });

  const event = (more: object = {}) => ({
    apiVersion: "events.k8s.io/v1",
    kind: "Event",
    metadata: { name: "e" },
    eventTime: "2026-01-01T00:00:00.000000Z",
    reportingController: "sidegate.dev/operator",
    reportingInstance: "operator-0",
    action: "Compile",
    reason: "Compiled",
    type: "Normal",
    note: "text",
    regarding: { kind: "Workspace", namespace: fixture.namespace, name: "w" },
    ...more,
  });
  const newEvents = () => `/apis/events.k8s.io/v1/namespaces/${fixture.namespace}/events`;
  const oldEvents = () => `/api/v1/namespaces/${fixture.namespace}/events`;

  test("an event of the new kind is seen under the old one as well", async () => {
    succeeded(await fixture.post(newEvents(), event()));
    expect(succeeded(await fixture.get(`${oldEvents()}/e`))).toMatchObject({
      apiVersion: "v1",
      message: "text",
      reportingComponent: "sidegate.dev/operator",
      involvedObject: { kind: "Workspace", name: "w" },
    });
    const series = { count: 2, lastObservedTime: "2026-01-01T00:00:01.000000Z" };
    const again = succeeded(await fixture.patch(`${newEvents()}/e`, { series }));
    expect(again).toMatchObject({ apiVersion: "events.k8s.io/v1", note: "text", series });
  });

  test("an event of the old kind is seen under the new one as well", async () => {
    const old = {
      apiVersion: "v1",
      kind: "Event",
      metadata: { name: "e" },
      involvedObject: { kind: "Workspace", namespace: fixture.namespace, name: "w" },
      reason: "Compiled",
      message: "text",
      type: "Warning",
    };
    succeeded(await fixture.post(oldEvents(), old));
    expect(succeeded(await fixture.get(`${newEvents()}/e`))).toMatchObject({
      note: "text",
      regarding: { name: "w" },
    });
    const selector = encodeURIComponent("involvedObject.name=w,reason=Compiled");
    const found = succeeded(await fixture.get(`${oldEvents()}?fieldSelector=${selector}`));
    expect(found.items).toHaveLength(1);
  });

  test("an event in the new spelling must be complete", async () => {
    refused(await fixture.post(newEvents(), event({ action: "" })), 422, "Invalid");
    refused(await fixture.post(newEvents(), event({ reportingController: undefined })), 422, "Invalid");
    refused(await fixture.post(newEvents(), event({ type: "Sad" })), 422, "Invalid");
  });

  test("an event lies in the namespace of its object, in the new spelling wherever it says", async () => {
    const elsewhere = { kind: "Workspace", namespace: "default", name: "w" };
    succeeded(await fixture.post(newEvents(), event({ regarding: elsewhere })));
    refused(
      await fixture.post(newEvents(), event({ regarding: { kind: "Workspace", name: "w" } })),
      422,
      "Invalid",
    );
    const old = {
      apiVersion: "v1",
      kind: "Event",
      metadata: { name: "o" },
      reason: "Compiled",
      involvedObject: elsewhere,
    };
    refused(await fixture.post(oldEvents(), old), 422, "Invalid");
  });

  test("a namespace is active and labelled with its name", async () => {
    const { namespace: name } = fixture;
    const found = succeeded(await fixture.get(`/api/v1/namespaces/${name}`));
    expect(found).toMatchObject({
      metadata: { name, labels: { "kubernetes.io/metadata.name": name } },
      spec: { finalizers: ["kubernetes"] },
      status: { phase: "Active" },
    });
    refused(await fixture.get("/api/v1/namespaces/no-such-namespace"), 404, "NotFound");
  });
}
