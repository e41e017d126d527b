import { pino } from "pino";
import { describe, expect, it } from "vitest";
import type { AdmissionRequest } from "../admission/review.ts";
import { createInjectionHandler, type InjectionHandlerOptions } from "./injection-handler.ts";
import { readInjectionSettings } from "./read-settings.ts";

const settings = readInjectionSettings("image: sidegate:1\noperators: [a:1]\nmodes: [sidecar, node]");
const { signal } = new AbortController();

describe("the handler of /inject", () => {
  it("patches pods that ask, once their namespace has what they trust by", async () => {
    const ensured: string[] = [];
    const response = await review({}, { ensureTrust: async (namespace) => void ensured.push(namespace) });
    expect(response.patch?.length).toBeGreaterThan(0);
    expect(response.denial).toBeUndefined();
    expect(ensured).toEqual(["shop"]);
  });

  it("lets all else pass", async () => {
    const deployments = { group: "apps", version: "v1", resource: "deployments" };
    for (const request of [
      { resource: deployments },
      { subResource: "ephemeralcontainers" },
      { operation: "UPDATE" as const },
      { object: podOf({}, {}) },
      { object: undefined },
    ])
      expect(await review(request)).toEqual({});
  });

  it("writes nothing in a dry run", async () => {
    const ensureTrust = async () => Promise.reject(new Error("written"));
    const response = await review({ dryRun: true }, { ensureTrust });
    expect(response.patch?.length).toBeGreaterThan(0);
  });

  it("refuses what can not be injected, with what to do about it", async () => {
    const object = podOf(ASKING, { hostNetwork: true });
    const { denial } = await review({ object });
    expect(denial).toMatchObject({ code: 422, reason: "Invalid" });
    expect(denial?.message).toMatch(/^pod pay-\* asks for a sidecar .*hostNetwork is true/);
  });

  it("lets it pass with a warning where the settings say so", async () => {
    const object = podOf(ASKING, { hostNetwork: true });
    const lenient = { settings: { ...settings, whenImpossible: "Warn" as const } };
    const response = await review({ object }, lenient);
    expect(response).toEqual({ warnings: [expect.stringMatching(/^Pod pay-\* gets no sidecar/)] });
  });

  it("refuses a pod for a while when its namespace could not be given what it trusts by", async () => {
    const ensureTrust = () => Promise.reject(new Error("no quota"));
    const { denial, patch } = await review({}, { ensureTrust });
    expect(denial).toMatchObject({ code: 503, message: expect.stringContaining("no quota") });
    expect(patch).toBeUndefined();
  });

  it("warns of an account without the right, with the commands that give it", async () => {
    const asked: unknown[] = [];
    const maySync = async (...question: unknown[]) => {
      asked.push(question.slice(0, 2));
      return false;
    };
    const { warnings = [], patch } = await review(
      { object: podOf(ASKING, { serviceAccountName: "pay" }) },
      { maySync },
    );
    expect(asked).toEqual([[{ namespace: "shop", name: "pay" }, "shop"]]);
    expect(patch?.length).toBeGreaterThan(0);
    expect(warnings.join("\n")).toContain("--serviceaccount=shop:pay");
    // The API server cuts what is longer.
    for (const warning of warnings) expect(warning.length).toBeLessThan(256);
  });

  it("asks for no right where the node's sidecar answers about the pod's own namespace", async () => {
    const maySync = () => Promise.reject(new Error("asked"));
    const object = podOf(ASKING, {}, { "sidegate.dev/mode": "node" });
    expect((await review({ object }, { maySync })).warnings).toEqual([]);
    const other = podOf(ASKING, {}, { "sidegate.dev/mode": "node", "sidegate.dev/domain": "billing" });
    const { warnings } = await review({ object: other }, { maySync: async () => false });
    expect(warnings?.[0]).toContain("its checks are refused");
  });

  it("warns of a domain that has nothing to decide by", async () => {
    const { warnings, patch } = await review({}, { isEmpty: (domain) => domain === "shop" });
    expect(warnings).toEqual([expect.stringContaining("Namespace shop has no policy")]);
    expect(patch?.length).toBeGreaterThan(0);
  });

  it("injects all the same when nobody can say who has the right", async () => {
    const maySync = () => Promise.reject(new Error("unreachable"));
    const response = await review({}, { maySync });
    expect(response).toMatchObject({ warnings: [] });
    expect(response.patch?.length).toBeGreaterThan(0);
  });
});

const ASKING = { "sidegate.dev/inject": "true" };

function podOf(labels: Record<string, string>, spec: object, annotations = {}) {
  return {
    metadata: { generateName: "pay-", labels, annotations },
    spec: { containers: [{ name: "app" }], ...spec },
  };
}

function review(request: Partial<AdmissionRequest>, options: Partial<InjectionHandlerOptions> = {}) {
  const handler = createInjectionHandler({
    settings,
    ensureTrust: async () => {},
    maySync: async () => true,
    isEmpty: () => false,
    logger: pino({ level: "silent" }),
    ...options,
  });
  return handler(
    {
      uid: "1",
      kind: { group: "", version: "v1", kind: "Pod" },
      resource: { group: "", version: "v1", resource: "pods" },
      subResource: "",
      operation: "CREATE",
      name: "",
      namespace: "shop",
      userInfo: { username: "someone", groups: [], extra: {} },
      object: podOf(ASKING, {}),
      oldObject: undefined,
      dryRun: false,
      ...request,
    },
    signal,
  );
}
