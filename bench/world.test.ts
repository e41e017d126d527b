import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { crds } from "../crds/definitions.ts";
import { decide } from "../engine/decide/decide.ts";
import { createManifestValidator } from "../engine/validate/manifest-validator.ts";
import { CheckRequest } from "../proto/generated/decision.js";
import { decisionRequest } from "../sidecar/api/check/decide-check.ts";
import { compileWorld, loadPolicy } from "./compile-world.ts";
import { generateWorld, memberBinding } from "./generate-world.ts";
import { MapIndex } from "./map-index.ts";
import { planChange, STRANGER } from "./plan-change.ts";
import { planRequest } from "./plan-requests.ts";
import { writeWorld } from "./write-world.ts";

const size = { organizations: 3, bindings: 180 };
const objects = [...generateWorld(size)];
const ask = (bytes: Buffer) => decisionRequest(CheckRequest.decode(bytes), false);

describe("A generated domain", () => {
  it("has as many bindings as were asked for", () => {
    expect(objects.filter(({ kind }) => kind === "AccessRoleBinding")).toHaveLength(size.bindings);
  });

  it("is valid", () => {
    const validator = createManifestValidator(crds);
    expect(objects.flatMap((object) => validator.check(object).problems)).toEqual([]);
  });

  it.each([true, false])("answers what the plan of its requests says: %s", (allowed) => {
    const policy = loadPolicy(compileWorld(size).compile({}));
    const index = new MapIndex(objects);
    for (let number = 0; number < 500; number++) {
      const request = ask(planRequest(size, number, allowed));
      expect(decide(policy, request, 0).outcome === "Allowed", JSON.stringify(request)).toBe(allowed);
      expect(index.decide(request), JSON.stringify(request)).toBe(allowed);
    }
  });

  it("allows a planned change's request by the one binding alone", () => {
    const compiler = compileWorld(size);
    for (let number = 0; number < 30; number++) {
      const { change, request } = planChange(size, number);
      const outcome = () => decide(loadPolicy(compiler.compile({})), ask(request), 0).outcome;
      const { organization, member, binding } = change;
      expect(outcome()).toBe("Allowed");
      compiler.put(memberBinding(organization, member, binding, STRANGER));
      expect(outcome()).toBe("NoGrant");
      compiler.put(memberBinding(organization, member, binding));
    }
  });
});

describe("A written domain", () => {
  const directory = mkdtempSync(join(tmpdir(), "sidegate-bench-world-"));
  const folder = join(directory, "manifests");
  beforeAll(() => void writeWorld(folder, size));
  afterAll(() => rmSync(directory, { recursive: true }));

  it("holds the same objects", () => {
    const read = readdirSync(folder).flatMap((file) =>
      parseAllDocuments(readFileSync(join(folder, file), "utf8")).map((document) => document.toJS()),
    );
    const byName = (a: (typeof objects)[number], b: (typeof objects)[number]) =>
      `${a.kind} ${a.metadata.name}` < `${b.kind} ${b.metadata.name}` ? -1 : 1;
    expect(read.sort(byName)).toEqual(objects.toSorted(byName));
  });
});
