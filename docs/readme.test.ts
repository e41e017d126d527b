import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { crds } from "../crds/definitions.ts";
import { DomainCompiler } from "../engine/compile/domain-compiler.ts";
import { decide } from "../engine/decide/decide.ts";
import { diagnose } from "../engine/diagnose/diagnose.ts";
import type { SidegateObject } from "../engine/model/objects.generated.ts";
import { loadCompiled } from "../engine/policy/load-compiled.ts";
import { createManifestValidator } from "../engine/validate/manifest-validator.ts";

const readme = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");
const example = /```yaml\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";

describe("The first policy of the README", () => {
  const objects = parseAllDocuments(example).map((document) => document.toJS() as SidegateObject);
  const compiler = new DomainCompiler("default");
  for (const object of objects) compiler.put(object);

  it("has 20 lines of manifests without fault", () => {
    expect(example.trim().split("\n").length).toBeLessThanOrEqual(20);
    const validator = createManifestValidator(crds);
    expect(objects.flatMap((object) => validator.validate(object))).toEqual([]);
    expect(objects.filter((object) => !diagnose(compiler.world, object).accepted)).toEqual([]);
  });

  it("allows what the README says", () => {
    const policy = loadCompiled(compiler.compile({}));
    const request = {
      subjectKind: "User",
      subjectName: "ada",
      groups: [],
      resourceName: "",
      activeRoles: [],
    };
    const question = { ...request, permission: "logs:view", scope: "organization/acme" };
    expect(decide(policy, question, 0).outcome).toBe("Allowed");
    expect(decide(policy, { ...question, subjectName: "eve" }, 0)).toMatchObject({
      outcome: "NoGrant",
      disclosure: "NotFound",
    });
  });
});
