import { describe, expect, it } from "vitest";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import { readInjectionSettings } from "./read-settings.ts";

const LEAST = "image: sidegate:1\noperators: [sidegate-operator-replicas.sidegate-system.svc:7440]\n";

describe("readInjectionSettings", () => {
  it("has a default for all but the image and the operators", () => {
    const settings = readInjectionSettings(LEAST);
    expect(settings).toMatchObject({
      image: "sidegate:1",
      serverName: "sidegate-operator-replicas.sidegate-system.svc",
      modes: ["sidecar"],
      defaultMode: "sidecar",
      whenImpossible: "Refuse",
      trustConfigMap: "sidegate-trust",
    });
  });

  it("takes what is given", () => {
    const settings = readInjectionSettings(`${LEAST}
serverName: sidegate-operator.sidegate-system.svc
modes: [node, sidecar]
resources: { requests: { cpu: 1 }, limits: { cpu: "2", memory: 1Gi } }
node: { directory: /var/run/sidegate }
`);
    expect(settings).toMatchObject({
      serverName: "sidegate-operator.sidegate-system.svc",
      defaultMode: "node",
      resources: { requests: { cpu: "1", memory: "96Mi" }, limits: { cpu: "2", memory: "1Gi" } },
      node: { directory: "/var/run/sidegate", audience: "sidegate.dev/sidecar" },
    });
  });

  const wrong: readonly [name: string, text: string, problem: RegExp][] = [
    ["no object", "[]", /the file must be an object/],
    ["no YAML", "{", /it is not YAML/],
    ["no image", "operators: [a:1]", /^image must be a text/],
    ["no operators", "image: a", /^operators must be a list/],
    ["an operator without port", "image: a\noperators: [host]", /^operators must be a list/],
    ["an operator twice", "image: a\noperators: [a:1, a:1]", /each once/],
    [
      "a misspelt field",
      `${LEAST}imagePulPolicy: Always`,
      /"imagePulPolicy" is not known; there are "operators"/,
    ],
    ["a misspelt inner field", `${LEAST}node: { dir: /a }`, /"node.dir" is not known/],
    ["an unknown policy", `${LEAST}imagePullPolicy: Sometimes`, /one of Always, IfNotPresent, Never/],
    ["a token too short", `${LEAST}tokenSeconds: 60`, /tokenSeconds must be a whole number from 600/],
    [
      "no quantity",
      `${LEAST}resources: { requests: { cpu: fast } }`,
      /resources.requests.cpu must be a quantity/,
    ],
    ["zero", `${LEAST}resources: { limits: { memory: "0" } }`, /resources.limits.memory must be a quantity/],
    [
      "a request above its limit",
      `${LEAST}resources: { requests: { memory: 2Gi } }`,
      /resources.limits.memory must be at least resources.requests.memory, 2Gi/,
    ],
    ["a default mode that is not offered", `${LEAST}defaultMode: node`, /defaultMode must be one of sidecar/],
    ["a relative directory", `${LEAST}node: { directory: run }`, /node.directory must be an absolute path/],
    ["a directory that climbs", `${LEAST}node: { directory: /a/../etc }`, /an absolute path/],
  ];
  it.each(wrong)("refuses %s", (_name, text, problem) => {
    const error = thrownBy(() => readInjectionSettings(text));
    expect(error.code).toBe("SG4601");
    expect(error.message).toMatch(problem);
  });
});

function thrownBy(act: () => unknown): SidegateError {
  try {
    act();
  } catch (error) {
    if (error instanceof SidegateError) return error;
    throw error;
  }
  throw new Error("Nothing was thrown");
}
