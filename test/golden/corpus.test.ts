import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { crds } from "../../crds/definitions.ts";
import { formatProblem } from "../../engine/validate/manifest-problem.ts";
import { createManifestValidator } from "../../engine/validate/manifest-validator.ts";
import { allCases } from "./all-cases.ts";
import { corpus } from "./corpus.ts";

const validator = createManifestValidator(crds);
const root = resolve(import.meta.dirname, "../..");
const semantics = readFileSync(join(root, "docs/reference/semantics.md"), "utf8");

const golden = corpus.filter(({ file }) => file.startsWith("test/golden/"));

describe("The objects of a case file are manifests that the API server takes, unless it says otherwise", () => {
  for (const world of corpus) {
    test(`${world.file}, ${world.title}`, () => {
      const objects = new Set([...world.objects, ...allCases(world).flatMap((entry) => entry.objects)]);
      const problems = [...objects].flatMap((object) => validator.validate(object)).map(formatProblem);
      if (world.isValid) expect(problems).toEqual([]);
      else expect(problems).not.toEqual([]);
    });
  }
});

test("The words that a case stands for are words of the decision semantics", () => {
  const text = plain(semantics);
  const strange = golden.flatMap((world) =>
    allCases(world).flatMap(({ name, says }) =>
      says && !text.includes(plain(says.words)) ? [`${world.file}, ${name}: ${says.words}`] : [],
    ),
  );
  expect(strange).toEqual([]);
});

test("Each settled reading has a case in the file that is named with it, or a test where no case can ask", () => {
  const settled = semantics.slice(semantics.indexOf("## 14.")).matchAll(/^\| \d+ \| (.*) \| `(.*)` \|$/gm);
  const missing = [...settled].flatMap(([, reading = "", name = ""]) => {
    if (!name.endsWith(".yaml")) return existsSync(join(root, name)) ? [] : [name];
    const words = golden
      .filter(({ file }) => file === join("test/golden", name))
      .flatMap((world) => allCases(world).flatMap(({ says }) => (says ? [plain(says.words)] : [])));
    return words.some((each) => plain(reading).includes(each)) ? [] : [`${name}: ${reading}`];
  });
  expect(missing).toEqual([]);
});

test("Every outcome of a decision but staleness has cases, seen and unseen", () => {
  const outcomes = new Set(
    golden.flatMap(({ cases }) => cases.map(({ want }) => `${want.outcome} ${want.disclosure ?? ""}`.trim())),
  );
  const denials = [
    ...["UnknownPermission", "WrongLevel", "Suspended", "SeparationOfDuty", "TokenDenied"],
    ...["ExplicitDeny", "NoGrant"],
  ];
  expect([...outcomes].toSorted()).toEqual(
    [
      "Allowed",
      "InvalidRequest",
      "InvalidToken Forbidden",
      "UnknownScope NotFound",
      ...denials.flatMap((reason) => [`${reason} Forbidden`, `${reason} NotFound`]),
    ].toSorted(),
  );
});

function plain(text: string): string {
  return text.replaceAll(/\*\*|`/g, "").replaceAll(/\s+/g, " ");
}
