import { describe, expect, test } from "vitest";
import { reviewOf } from "../../test/support/reviewing.ts";
import { build } from "../../test/worlds/build.ts";
import { finalizersFor } from "../reconcile/finalizers.ts";
import { createDefaultHandler } from "./default.ts";
import type { AdmissionRequest } from "./review.ts";

const signal = new AbortController().signal;
const created = (finalizers?: readonly string[]) =>
  reviewOf({ after: build("Organization", { name: "acme", ...(finalizers && { finalizers }) }, {}) });
const answer = (request: AdmissionRequest, isTerminating = false) =>
  createDefaultHandler({ isNamespaceTerminating: async () => isTerminating })(request, signal);

describe("An object that is created", () => {
  const wanted = finalizersFor("Organization");

  test("is given its finalizers", async () => {
    expect(await answer(created())).toEqual({
      patch: [{ op: "add", path: "/metadata/finalizers", value: wanted }],
    });
  });

  test("keeps those that it has", async () => {
    expect(await answer(created(["mine"]))).toEqual({
      patch: wanted.map((value) => ({ op: "add", path: "/metadata/finalizers/-", value })),
    });
  });

  test("is left alone where it has them all", async () => {
    expect(await answer(created(["mine", ...wanted]))).toEqual({});
  });

  test("is left alone in a namespace that goes", async () => {
    expect(await answer(created(), true)).toEqual({});
  });

  test.each<[string, Partial<AdmissionRequest>]>([
    ["updated", { operation: "UPDATE" }],
    ["of another group", { kind: { group: "example.com", version: "v1", kind: "Organization" } }],
    ["of an unknown kind", { kind: { group: "sidegate.dev", version: "v1", kind: "Castle" } }],
    ["a status", { subResource: "status" }],
  ])("is left alone if it is %s", async (_name, more) => {
    expect(await answer({ ...created(), ...more })).toEqual({});
  });
});
