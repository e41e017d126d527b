import { describe, expect, it } from "vitest";
import { jsonPatch } from "../../test/fake-apiserver/json-patch.ts";
import { type Injection, injectSidecar } from "./inject-sidecar.ts";
import type { Container, Pod, PodSpec } from "./pod.ts";
import { readInjectionSettings } from "./read-settings.ts";
import type { InjectionSettings } from "./settings.ts";

const settings = readInjectionSettings(`
image: sidegate:1
operators: [replicas.sidegate-system.svc:7440]
modes: [sidecar, node]
`);

describe("injectSidecar", () => {
  it("leaves pods alone that do not ask", () => {
    for (const labels of [
      undefined,
      {},
      { "sidegate.dev/inject": "false" },
      { "sidegate.dev/inject": "yes" },
    ]) {
      expect(inject({ metadata: labels ? { labels } : {}, spec: plain }).outcome).toBe("Nothing");
    }
  });

  it("leaves the mirror of a static pod alone, which nobody can change", () => {
    expect(inject(asking(plain, { "kubernetes.io/config.mirror": "1" })).outcome).toBe("Nothing");
  });

  it("puts the sidecar first, restarted for as long as the pod runs", () => {
    const pod = injected(asking({ ...plain, initContainers: [{ name: "migrate" }] }));
    expect(namesOf(pod.spec.initContainers)).toEqual(["sidegate", "migrate"]);
    expect(sidecarOf(pod)).toMatchObject({ image: "sidegate:1", restartPolicy: "Always" });
  });

  it("lets all other containers reach the socket, init containers too", () => {
    const pod = injected(
      asking({ containers: [{ name: "a" }, { name: "b" }], initContainers: [{ name: "i" }] }),
    );
    for (const container of [...pod.spec.containers, pod.spec.initContainers?.[1]]) {
      expect(container).toMatchObject({
        volumeMounts: [{ name: "sidegate-socket", mountPath: "/run/sidegate", readOnly: true }],
        env: [{ name: "SIDEGATE_ADDRESS", value: "unix:///run/sidegate/sidegate.sock" }],
      });
    }
  });

  it("keeps an address that a container sets itself, and what it has mounted", () => {
    const own = { name: "SIDEGATE_ADDRESS", value: "127.0.0.1:7430" };
    const mount = { name: "cache", mountPath: "/cache" };
    const pod = injected(asking({ containers: [{ name: "app", env: [own], volumeMounts: [mount] }] }));
    expect(pod.spec.containers[0]?.env).toEqual([own]);
    expect(pod.spec.containers[0]?.volumeMounts).toEqual([
      mount,
      { name: "sidegate-socket", mountPath: "/run/sidegate", readOnly: true },
    ]);
  });

  it("gives the sidecar what Pod Security's restricted asks of a container", () => {
    expect(sidecarOf(injected(asking(plain))).securityContext).toEqual({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsGroup: 65_532,
      runAsNonRoot: true,
      runAsUser: 65_532,
      seccompProfile: { type: "RuntimeDefault" },
    });
  });

  it("serves the domain of the pod's namespace, or the one that the pod names", () => {
    expect(argsOf(asking(plain))).toContain("--domain=shop");
    expect(argsOf(asking(plain, { "sidegate.dev/domain": "billing" }))).toContain("--domain=billing");
  });

  it("takes resources and log level from annotations", () => {
    const pod = injected(
      asking(plain, {
        "sidegate.dev/cpu": "50m",
        "sidegate.dev/memory": "1Gi",
        "sidegate.dev/memory-limit": "2Gi",
        "sidegate.dev/log-level": "debug",
        "sidegate.dev/shard-memory": "64Mi",
      }),
    );
    expect(sidecarOf(pod).resources).toEqual({
      requests: { cpu: "50m", memory: "1Gi" },
      limits: { memory: "2Gi" },
    });
    expect(sidecarOf(pod).args).toContain("--log-level=debug");
    expect(sidecarOf(pod).args).toContain("--shard-memory=64Mi");
    expect(argsOf(asking(plain))).not.toContainEqual(expect.stringContaining("--shard-memory"));
  });

  it("warns of annotations that mean nothing", () => {
    const injection = inject(asking(plain, { "sidegate.dev/domian": "billing" }));
    expect(injection).toMatchObject({ warnings: [expect.stringContaining("sidegate.dev/domian")] });
  });

  it("lets pods of a node's sidecar in by its socket and a token of their own", () => {
    const pod = injected(asking(plain, { "sidegate.dev/mode": "node", "sidegate.dev/domain": "billing" }));
    expect(pod.spec.initContainers).toBeUndefined();
    expect(pod.spec.volumes).toEqual([
      { name: "sidegate-socket", hostPath: { path: "/run/sidegate", type: "Directory" } },
      {
        name: "sidegate-trust",
        projected: {
          defaultMode: 0o444,
          sources: [
            {
              serviceAccountToken: {
                audience: "sidegate.dev/sidecar",
                expirationSeconds: 3600,
                path: "token",
              },
            },
          ],
        },
      },
    ]);
    expect(pod.spec.containers[0]?.env).toEqual([
      { name: "SIDEGATE_ADDRESS", value: "unix:///run/sidegate/sidegate.sock" },
      { name: "SIDEGATE_TOKEN_FILE", value: "/var/run/secrets/sidegate/token" },
      { name: "SIDEGATE_DOMAIN", value: "billing" },
    ]);
  });

  it("injects pods with the host's network by way of the node", () => {
    const spec = { ...plain, hostNetwork: true };
    expect(inject(asking(spec, { "sidegate.dev/mode": "node" })).outcome).toBe("Injected");
  });

  const impossible: readonly [name: string, pod: Pod, problem: RegExp][] = [
    ["Windows by os", asking({ ...plain, os: { name: "windows" } }), /runs on Windows/],
    [
      "Windows by node selector",
      asking({ ...plain, nodeSelector: { "kubernetes.io/os": "windows" } }),
      /runs on Windows/,
    ],
    ["the host's network", asking({ ...plain, hostNetwork: true }), /hostNetwork is true/],
    [
      "a container of the name",
      asking({ containers: [{ name: "sidegate" }] }),
      /a container is called "sidegate"/,
    ],
    [
      "an init container of the name",
      asking({ ...plain, initContainers: [{ name: "sidegate" }] }),
      /injection did not make it/,
    ],
    [
      "a volume of the name",
      asking({ ...plain, volumes: [{ name: "sidegate-data", emptyDir: {} }] }),
      /a volume is called "sidegate-data"; rename it/,
    ],
    [
      "a directory in use",
      asking({ containers: [{ name: "app", volumeMounts: [{ name: "x", mountPath: "/run/sidegate/" }] }] }),
      /container "app" mounts "x" at \/run\/sidegate\//,
    ],
    [
      "a port in use",
      asking({ containers: [{ name: "app", ports: [{ containerPort: 7432 }] }] }),
      /container "app" listens at port 7432/,
    ],
    ["an unknown mode", asking(plain, { "sidegate.dev/mode": "both" }), /must be one of sidecar, node/],
    ["a domain that is none", asking(plain, { "sidegate.dev/domain": "A_b" }), /the name of a namespace/],
    ["no domain", asking(plain, { "sidegate.dev/domain": "" }), /is "", but must be the name of a namespace/],
    ["no quantity", asking(plain, { "sidegate.dev/cpu": "much" }), /sidegate.dev\/cpu is "much"/],
    ["a request above the limit", asking(plain, { "sidegate.dev/memory": "2Gi" }), /raise the annotation/],
    ["a memory that is no number of bytes", asking(plain, { "sidegate.dev/shard-memory": "1.5Gi" }), /64Mi/],
    ["an unknown log level", asking(plain, { "sidegate.dev/log-level": "all" }), /must be one of debug/],
  ];
  it.each(impossible)("finds in the way: %s", (_name, pod, problem) => {
    expect(inject(pod)).toMatchObject({ outcome: "Impossible", problem: expect.stringMatching(problem) });
  });

  it("lets ports of UDP be", () => {
    const ports = [{ containerPort: 7432, protocol: "UDP" }];
    expect(inject(asking({ containers: [{ name: "app", ports }] })).outcome).toBe("Injected");
  });

  describe("asked again, because another webhook changed the pod", () => {
    it("changes nothing where nothing lacks, whatever defaults were set meanwhile", () => {
      const pod = injected(asking({ ...plain, initContainers: [{ name: "migrate" }] }));
      Object.assign(sidecarOf(pod), { terminationMessagePath: "/dev/termination-log" });
      expect(inject(pod)).toMatchObject({ outcome: "Injected", patch: [] });
    });

    it("completes containers that came later", () => {
      const pod = injected(asking(plain));
      const later = {
        ...pod,
        spec: { ...pod.spec, containers: [...pod.spec.containers, { name: "proxy" }] },
      };
      expect(patchOf(inject(later)).map(({ path }) => path)).toEqual([
        "/spec/containers/1/volumeMounts",
        "/spec/containers/1/env",
      ]);
    });

    it("goes back to the first place, before what redirects traffic", () => {
      const pod = injected(asking({ ...plain, initContainers: [{ name: "migrate" }] }));
      const initContainers = [{ name: "istio-init" }, ...(pod.spec.initContainers ?? [])];
      const again = injected({ ...pod, spec: { ...pod.spec, initContainers } });
      expect(namesOf(again.spec.initContainers)).toEqual(["sidegate", "istio-init", "migrate"]);
      expect(again.spec.initContainers?.[1]).toHaveProperty("env");
      expect(inject(again)).toMatchObject({ patch: [] });
    });

    it("brings back what another webhook took away", () => {
      const pod = injected(asking(plain));
      const again = injected({ ...pod, spec: { ...pod.spec, initContainers: [], volumes: [] } });
      expect(again.spec).toEqual(pod.spec);
    });
  });
});

const plain: PodSpec = { containers: [{ name: "app" }] };

function asking(spec: PodSpec, annotations?: Record<string, string>): Pod {
  return {
    metadata: { labels: { "sidegate.dev/inject": "true" }, ...(annotations && { annotations }) },
    spec,
  };
}

function inject(pod: Pod, by: InjectionSettings = settings): Injection {
  return injectSidecar(pod, "shop", by);
}

function patchOf(injection: Injection) {
  if (injection.outcome !== "Injected") throw new Error(JSON.stringify(injection));
  return injection.patch;
}

function injected(pod: Pod): Pod {
  return jsonPatch(structuredClone(pod), patchOf(inject(pod))) as Pod;
}

function sidecarOf(pod: Pod): Container {
  return pod.spec.initContainers?.[0] as Container;
}

function argsOf(pod: Pod): unknown {
  return sidecarOf(injected(pod)).args;
}

function namesOf(containers: readonly Container[] = []): string[] {
  return containers.map(({ name }) => name);
}
