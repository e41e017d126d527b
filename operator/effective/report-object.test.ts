import { expect, test } from "vitest";
import type { ReplicaReport } from "./replica-report.ts";
import { decodeReport, encodeReport, reportObject } from "./report-object.ts";

const position = { AccessRole: "12", AccessRoleBinding: "34" };
const policy = { revision: "a".repeat(64), epoch: 1, position };
const ids = Array.from({ length: 1_000 }, (_, index) => index.toString(16).padStart(16, "0"));
const report: ReplicaReport = {
  replica: "pod-a",
  position,
  domains: new Map([
    [
      "shop",
      {
        published: policy,
        groups: [
          { active: policy, isSettled: true, connected: ids, lost: [] },
          { active: undefined, isSettled: false, connected: ["00000000000000ff"], lost: ["f".repeat(16)] },
        ],
        departed: ["e".repeat(16)],
        laggards: [
          { id: "00000000000000ff", sidecar: "shop/web", revision: "", since: 5, refused: "SG2002" },
        ],
        staleSeconds: 300,
      },
    ],
    ["bank", { published: policy, groups: [], departed: [], laggards: [], staleSeconds: 60 }],
  ]),
};

test("what is written is read again", () => {
  const object = JSON.parse(JSON.stringify(reportObject("sidegate-system", report)));
  expect(decodeReport(object)).toEqual(report);
  expect(object.sidecars).toBe(1_001);
});

test("a thousand sidecars take some 11 KB", () => {
  expect(JSON.stringify(encodeReport(report)).length).toBeLessThan(13_000);
});

test("what is in another form is no report", () => {
  expect(decodeReport({ metadata: { name: "pod-a" } })).toBeUndefined();
  expect(decodeReport({ metadata: { name: "pod-a" }, position: { a: "x" }, domains: [] })).toBeUndefined();
});
