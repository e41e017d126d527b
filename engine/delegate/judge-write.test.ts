import { expect, test } from "vitest";
import { judge } from "../../test/support/judging.ts";
import { build } from "../../test/worlds/build.ts";
import { kubernetesWriter } from "./writer.ts";

test("Nothing more is asked of other kinds", () => {
  expect(judge({ after: build("Organization", "new", {}), by: "eve" })).toEqual([]);
  expect(judge({ after: build("AccessConstraint", "k", {}), by: "eve" })).toEqual([]);
});

test("Kubernetes users and service accounts act under names of their own", () => {
  expect(kubernetesWriter("ann", ["dev"])).toEqual({ kind: "User", name: "k8s:ann", groups: ["k8s:dev"] });
  expect(kubernetesWriter("system:serviceaccount:ns:bot", [])).toEqual({
    kind: "ServiceAccount",
    name: "k8s:ns/bot",
    groups: [],
  });
  expect(kubernetesWriter("system:serviceaccount:ns", []).kind).toBe("User");
});
