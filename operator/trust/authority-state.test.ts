import { X509Certificate } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { type AuthorityState, decodeAuthority, encodeAuthority } from "./authority-state.ts";
import { NOTHING, rotate } from "./rotate.ts";
import { authoritySchedule, signingSchedule } from "./schedules.ts";

const start = Date.UTC(2026, 0, 1);
const DAY = 86_400_000;
let state: AuthorityState;

beforeAll(async () => {
  ({ state } = await rotate(NOTHING, start));
});

/** The data of a Secret with one field of its content changed. */
function changed(change: (content: Record<string, Record<string, unknown>[]>) => void) {
  const data = encodeAuthority(state);
  const content = JSON.parse(Buffer.from(data["authority.json"] as string, "base64").toString());
  change(content);
  return { "authority.json": Buffer.from(JSON.stringify(content)).toString("base64") };
}

describe("the authority's Secret", () => {
  test("is read as it was written", () => {
    expect(decodeAuthority(encodeAuthority(state))).toEqual(state);
  });

  test("says times in a form for people", () => {
    const content = Buffer.from(encodeAuthority(state)["authority.json"] as string, "base64").toString();
    expect(content).toContain('"activeAt": "2026-01-01T00:00:00.000Z"');
  });

  test.each<[string, unknown]>([
    ["no data", undefined],
    ["no entry", {}],
    ["no JSON", { "authority.json": Buffer.from("{").toString("base64") }],
  ])("is refused with %s", (_, data) => {
    expect(() => decodeAuthority(data)).toThrow(expect.objectContaining({ code: "SG4401" }));
  });

  test.each<[string, (content: Record<string, Record<string, unknown>[]>) => void]>([
    ["of another format", (content) => Object.assign(content, { format: 2 })],
    ["without authorities", (content) => Object.assign(content, { authorities: [] })],
    ["without a time", (content) => delete content.authorities?.[0]?.activeAt],
    ["with another key for its certificate", (content) => exchangeKeys(content)],
    ["with another key's id", (content) => Object.assign(content.signingKeys?.[0] ?? {}, { id: "k" })],
  ])("is refused %s", (_, change) => {
    expect(() => decodeAuthority(changed(change))).toThrow(expect.objectContaining({ code: "SG4401" }));
  });
});

function exchangeKeys(content: Record<string, Record<string, unknown>[]>): void {
  Object.assign(content.authorities?.[0] ?? {}, { key: content.signingKeys?.[0]?.key });
}

describe("rotation", () => {
  test("makes both at first and nothing more until a successor is due", async () => {
    expect(state.authorities).toHaveLength(1);
    expect(state.signingKeys).toHaveLength(1);
    const due = start + signingSchedule.activeMs - signingSchedule.announceMs;
    expect(await rotate(state, due - 1)).toEqual({ state, nextAt: due });
    expect((await rotate(state, due)).state).toMatchObject({
      authorities: state.authorities,
      signingKeys: [state.signingKeys[0], { activeAt: due + DAY }],
    });
  });

  test("makes authorities whose certificates begin an hour before and end when they are dropped", async () => {
    const [authority] = state.authorities;
    const certificate = new X509Certificate(authority?.certificate as string);
    expect(certificate.ca).toBe(true);
    expect(Date.parse(certificate.validFrom)).toBe(start - 3_600_000);
    expect(Date.parse(certificate.validTo)).toBe(authority?.expiresAt);
    const due = start + authoritySchedule.activeMs - authoritySchedule.announceMs;
    const { authorities } = (await rotate(state, due)).state;
    expect(authorities.map(({ activeAt }) => activeAt)).toEqual([start, due + authoritySchedule.announceMs]);
    const subjects = authorities.map((entry) => new X509Certificate(entry.certificate).subject);
    expect(new Set(subjects).size).toBe(2);
  });
});
