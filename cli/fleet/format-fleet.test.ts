import { expect, test } from "vitest";
import { type FleetEntry, formatDuration, formatFleet } from "./format-fleet.ts";

const entry: FleetEntry = {
  ...{
    domain: "shop",
    sidecar: "shop/web-1",
    version: "1.0.0",
    peer: "10.0.0.7:1",
    user: "",
    replica: "op-1",
  },
  ...{ revision: "0123456789abcdef", current: true, lagMs: 0, lastContactMs: 800, connectedMs: 7_200_000 },
  ...{ refusedRevision: "", refusedCode: "", refusedMessage: "", behind: false },
};

test("a row says all of a sidecar, and the last line sums up", () => {
  const refused = { refusedRevision: "fedcba9876543210", refusedCode: "SG2002", refusedMessage: "no model" };
  const lagging = {
    ...entry,
    sidecar: "shop/web-22",
    current: false,
    lagMs: 4_200,
    revision: "",
    ...refused,
  };
  expect(formatFleet([entry, lagging])).toBe(
    `DOMAIN   SIDECAR       REVISION       LAG   LAST CONTACT   CONNECTED   REPLICA   LAST NACK
shop     shop/web-1    0123456789ab   -     800ms ago      2h          op-1      -
shop     shop/web-22   none           4s    800ms ago      2h          op-1      SG2002 of fedcba987654: no model
1 of 2 decide by the current policy.
`,
  );
});

test("a sidecar that has seen more than its replica is ahead", () => {
  expect(formatFleet([{ ...entry, current: false, behind: true }])).toMatch(/ahead/);
});

test("no sidecar is no table", () => {
  expect(formatFleet([])).toBe("No sidecar is connected.\n");
});

test.each([
  [0, "0ms"],
  [1_999, "1999ms"],
  [2_000, "2s"],
  [119_000, "119s"],
  [120_000, "2m"],
  [7_200_000, "2h"],
  [200_000_000, "2d"],
])("%i ms are %s", (ms, text) => expect(formatDuration(ms)).toBe(text));
