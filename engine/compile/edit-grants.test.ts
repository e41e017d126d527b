import { describe, expect, it } from "vitest";
import { binding, build, DOMAIN, role } from "../../test/worlds/build.ts";
import type { SidegateObject } from "../model/objects.generated.ts";
import { DomainCompiler } from "./domain-compiler.ts";

const stage: readonly SidegateObject[] = [
  build("Organization", "acme", {}),
  build("Environment", "prod", { organization: "acme" }),
  role("viewer", {}),
  member("m1", "ann"),
  binding("b1", "viewer", "User:ann", "organization/acme"),
  binding("b2", "viewer", "User:bob", "environment/prod"),
  binding("b3", "viewer", "User:ann", "platform"),
];

function member(name: string, user: string, spec: { attributes?: Record<string, string> } = {}) {
  return build("Membership", name, { organization: "acme", subject: { kind: "User", name: user }, ...spec });
}

function compilerOf(objects: readonly SidegateObject[]): DomainCompiler {
  const compiler = new DomainCompiler(DOMAIN);
  for (const object of objects) compiler.put(object);
  return compiler;
}

/** Whether changes, made one after the other, come to what compiling their result comes to. */
function expectSame(objects: readonly SidegateObject[], changes: readonly (readonly SidegateObject[])[]) {
  const compiler = compilerOf(objects);
  compiler.compile({});
  const all = new Map(objects.map((object) => [object.metadata.name, object]));
  for (const change of changes) {
    for (const object of change) {
      compiler.put(object);
      all.set(object.metadata.name, object);
    }
    expect(compiler.compile({}).shards).toEqual(compilerOf([...all.values()]).compile({}).shards);
  }
}

describe("What is made anew of a shard is what compiling all of it gives", () => {
  it("where a subject comes before, between and after those that are there", () => {
    const given = ["User:aaa", "User:az", "Group:zz"].map((who, at) =>
      binding(`n${at}`, "viewer", who, "environment/prod"),
    );
    expectSame(stage, [given, [binding("n1", "other", "User:bob", "organization/acme")]]);
  });

  it("where a binding moves from Platform to an organization and back", () => {
    const moved = binding("b3", "viewer", "User:ann", "organization/acme");
    expectSame(stage, [[moved], [binding("b3", "viewer", "User:ann", "platform")]]);
  });

  it("where somebody has two Memberships, of which the first by name counts", () => {
    expectSame(stage, [[member("m0", "ann")], [member("m2", "bob"), member("m3", "ann")]]);
  });

  it("where members have attributes", () => {
    expectSame(stage, [[member("m2", "bob", { attributes: { team: "a" } })], [member("m2", "bob")]]);
  });

  it("where a name is no well-formed text, before and after", () => {
    const odd = binding("o", "viewer", "User:\ud800", "organization/acme");
    const next = binding("p", "viewer", "User:\ufffe", "organization/acme");
    expectSame(stage, [[odd], [next]]);
  });

  it("where more changes than are made one by one", () => {
    const many = Array.from({ length: 1_001 }, (_, at) =>
      binding(`many-${at}`, "viewer", `User:u${at}`, "organization/acme"),
    );
    expectSame(stage, [many, [binding("many-7", "viewer", "User:bob", "environment/prod")]]);
  });
});
