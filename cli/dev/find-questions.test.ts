import { describe, expect, it } from "vitest";
import { World } from "../../engine/model/world.ts";
import { compileFolder } from "../folder/compile-folder.ts";
import { readSoundFolder } from "../folder/read-folder.ts";
import { findQuestions } from "./find-questions.ts";

const now = Date.parse("2026-06-01T00:00:00Z");

async function questionsOf(keep: (kind: string) => boolean) {
  const { manifests } = await readSoundFolder("presets/redox", "default");
  const kept = new Map([...manifests].filter(([, { object }]) => keep(object.kind)));
  const world = new World("default");
  for (const { object } of kept.values()) world.put(object);
  const policy = compileFolder(kept).get("default");
  return policy === undefined ? [] : findQuestions(world, policy, now);
}

describe("questions to try", () => {
  it("have each another kind of answer, and each another subject", async () => {
    const questions = await questionsOf(() => true);
    expect(questions.map(({ outcome, disclosure }) => `${outcome} ${disclosure}`)).toEqual([
      "Allowed None",
      "NoGrant Forbidden",
      "NoGrant NotFound",
    ]);
    expect(new Set(questions.map(({ subject }) => subject)).size).toBe(3);
  });

  it("leave out what the policy has no example of", async () => {
    const questions = await questionsOf((kind) => kind !== "AccessRole");
    expect(questions.map(({ disclosure }) => disclosure)).toEqual(["NotFound"]);
    expect(await questionsOf((kind) => kind === "Organization")).toEqual([]);
  });
});
