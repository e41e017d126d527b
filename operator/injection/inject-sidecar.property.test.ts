import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonPatch } from "../../test/fake-apiserver/json-patch.ts";
import { injectSidecar } from "./inject-sidecar.ts";
import type { Container, Pod } from "./pod.ts";
import { readInjectionSettings } from "./read-settings.ts";

const settings = readInjectionSettings("image: sidegate:1\noperators: [a:1]\nmodes: [sidecar, node]");

const container: fc.Arbitrary<Container> = fc.record(
  {
    name: fc.constantFrom("a", "b", "c", "sidegate", "istio-init"),
    env: fc.uniqueArray(
      fc.record({ name: fc.constantFrom("A", "SIDEGATE_ADDRESS", "SIDEGATE_TOKEN_FILE") }),
      {
        selector: ({ name }) => name,
      },
    ),
    volumeMounts: fc.array(
      fc.record({
        name: fc.constantFrom("data", "sidegate-socket"),
        mountPath: fc.constantFrom("/data", "/run/sidegate", "/run/sidegate/"),
      }),
      { maxLength: 2 },
    ),
    ports: fc.array(fc.record({ containerPort: fc.constantFrom(80, 7432) }), { maxLength: 1 }),
  },
  { requiredKeys: ["name"] },
);
const containers = fc.uniqueArray(container, { maxLength: 3, selector: ({ name }) => name });

const pod: fc.Arbitrary<Pod> = fc.record({
  metadata: fc.record(
    {
      labels: fc.dictionary(
        fc.constantFrom("app", "sidegate.dev/inject"),
        fc.constantFrom("true", "false", "x"),
      ),
      annotations: fc.dictionary(
        fc.constantFrom("sidegate.dev/mode", "sidegate.dev/domain", "sidegate.dev/injected", "other/key~x"),
        fc.constantFrom("sidecar", "node", "shop", "true"),
      ),
    },
    { requiredKeys: [] },
  ),
  spec: fc.record(
    {
      containers,
      initContainers: containers,
      volumes: fc.uniqueArray(
        fc.record({ name: fc.constantFrom("data", "sidegate-data", "sidegate-socket") }),
        {
          selector: ({ name }) => name,
        },
      ),
      hostNetwork: fc.boolean(),
    },
    { requiredKeys: ["containers"] },
  ),
});

describe("laws of injection", () => {
  it("injecting twice is injecting once", () => {
    fc.assert(
      fc.property(pod, (given) => {
        const once = injectSidecar(given, "shop", settings);
        if (once.outcome !== "Injected") return;
        const result = jsonPatch(structuredClone(given), once.patch) as Pod;
        expect(injectSidecar(result, "shop", settings)).toMatchObject({ outcome: "Injected", patch: [] });
      }),
    );
  });

  it("a pod without the label is never touched", () => {
    fc.assert(
      fc.property(pod, (given) => {
        fc.pre(given.metadata?.labels?.["sidegate.dev/inject"] !== "true");
        expect(injectSidecar(given, "shop", settings)).toEqual({ outcome: "Nothing" });
      }),
    );
  });

  it("containers, volumes and settings of the pod's own all stay", () => {
    fc.assert(
      fc.property(pod, (given) => {
        const injection = injectSidecar(given, "shop", settings);
        if (injection.outcome !== "Injected") return;
        const { spec } = jsonPatch(structuredClone(given), injection.patch) as Pod;
        const names = (list: readonly { name: string }[] = []) => list.map(({ name }) => name);
        expect(names(spec.containers)).toEqual(names(given.spec.containers));
        for (const kind of ["initContainers", "volumes"] as const)
          expect(names(spec[kind])).toEqual(expect.arrayContaining(names(given.spec[kind])));
        for (const [place, before] of given.spec.containers.entries())
          expect(spec.containers[place]?.env ?? []).toEqual(expect.arrayContaining([...(before.env ?? [])]));
      }),
    );
  });
});
