import { expect, test } from "vitest";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { KubeError } from "../kube/kube-error.ts";
import { LOOK_AGAIN_MS, ServedFields } from "./served-fields.ts";

const fields = { revision: "r", laggards: [{ replica: "a" }], news: 1 };
const refusal = (...paths: string[]) => {
  const problems = paths.map((path) => `  ${path}: field not declared in schema`).join("\n");
  return new KubeError(
    500,
    "HTTP500",
    `failed to create typed patch object (shop/domain): errors:\n${problems}`,
  );
};

function setUp() {
  const clock = new ManualClock();
  return { clock, served: new ServedFields(clock) };
}

test("As long as nothing was refused, all fields are written", () => {
  expect(setUp().served.of("AccessDomain", fields)).toBe(fields);
});

test("A field that the API server does not know is left out, of that kind alone, and told of once", () => {
  const { served } = setUp();
  const told = served.refused("AccessDomain", fields, refusal(".status.news"));
  expect(told).toMatchObject({ code: "SG4007" });
  expect(String(told)).toContain("AccessDomain has no status.news");
  expect(served.of("AccessDomain", fields)).toEqual({ revision: "r", laggards: fields.laggards });
  expect(served.of("TokenPolicy", fields)).toBe(fields);
  expect(served.refused("AccessDomain", fields, refusal(".status.news"))).toBe("known");
});

test("What is not known within a field is left out of it alone, in all elements; several are named together", () => {
  const { served } = setUp();
  const held = { total: 9, more: { why: "x", until: 1 } };
  const laggards = [{ replica: "a", why: "slow" }, { replica: "b" }];
  const given = { ...fields, laggards, held };
  const paths = [".status.news", ".status.laggards[0].why", ".status.held.more.why"];
  expect(String(served.refused("AccessDomain", given, refusal(...paths)))).toContain(
    "AccessDomain has no status.held.more.why, status.laggards.why, status.news",
  );
  const written = served.of("AccessDomain", given);
  expect(written).toEqual({
    revision: "r",
    laggards: [{ replica: "a" }, { replica: "b" }],
    held: { total: 9, more: { until: 1 } },
  });
  const rest = { revision: "r", held: { total: 9 } };
  expect(served.of("AccessDomain", rest)).toBe(rest);
});

test("It is tried again after five minutes, and without a word left out again", async () => {
  const { clock, served } = setUp();
  served.refused("AccessDomain", fields, refusal(".status.news"));
  await clock.advance(LOOK_AGAIN_MS);
  expect(served.of("AccessDomain", fields)).toBe(fields);
  expect(served.refused("AccessDomain", fields, refusal(".status.news"))).toBe("known");
  expect(served.of("AccessDomain", fields)).not.toHaveProperty("news");
});

test("A write that was refused for something else, or for what can not be left out, teaches nothing", () => {
  const { served } = setUp();
  for (const error of [
    refusal(".status.conditions[0].why"),
    refusal(".spec.news"),
    new KubeError(422, "Invalid", 'status.news: Invalid value: "x"'),
    new Error(".status.news: field not declared in schema"),
  ]) {
    expect(served.refused("AccessDomain", fields, error)).toBeUndefined();
  }
  expect(served.of("AccessDomain", fields)).toBe(fields);
});
