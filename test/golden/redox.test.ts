import { resolve } from "node:path";
import { expect, test } from "vitest";
import { crds } from "../../crds/definitions.ts";
import { defaultBindings } from "../../engine/defaults/default-bindings.ts";
import { diagnose } from "../../engine/diagnose/diagnose.ts";
import { World } from "../../engine/model/world.ts";
import { createManifestValidator } from "../../engine/validate/manifest-validator.ts";
import { FolderReader } from "../../operator/source/folder/folder-reader.ts";
import { corpus } from "./corpus.ts";

const worlds = corpus.filter(({ file }) => file.startsWith("presets/redox/"));
const cells = worlds.flatMap(({ cases }) => cases).filter(({ cell }) => cell !== undefined);

/** How many columns, counted from the right, have an X in each row of the document. */
const tables = {
  organization: { columns: ["Member", "Admin", "Owner"], marks: [1, 1, 2, 1, 2, 1, 2, 3, 3] },
  environment: {
    columns: ["Observer", "Support", "Engineer"],
    marks: [3, 1, 3, 1, 3, 2, 3, 2, 2, 1, 3, 2],
  },
};

const reader = new FolderReader({
  folder: resolve(import.meta.dirname, "../../presets/redox"),
  domain: "redox",
  validator: createManifestValidator(crds),
  pause: async () => {},
});

test("The preset redox has a case for each cell of the document's two tables, and it says what the cell says", () => {
  const wanted = Object.entries(tables).flatMap(([table, { columns, marks }]) =>
    marks.flatMap((count, row) =>
      columns.map((column, index) => {
        const outcome = index >= columns.length - count ? "Allowed" : "NoGrant";
        return `${table} ${row + 1} ${column} ${outcome}`;
      }),
    ),
  );
  expect(wanted).toHaveLength(63);
  const found = cells.map(({ cell, want }) => `${cell?.table} ${cell?.row} ${cell?.column} ${want.outcome}`);
  expect([...new Set(found)].toSorted()).toEqual(wanted.toSorted());
});

test("The preset redox can be applied as it stands: a folder that is read without a problem, case files left out", async () => {
  const { manifests, problems, foreign } = await reader.read();
  expect({ problems, foreign }).toEqual({ problems: [], foreign: [] });
  const keys = [...manifests.values()].map(({ object: { kind, metadata } }) => `${kind}/${metadata.name}`);
  const [{ cases }] = worlds as [(typeof worlds)[number]];
  const expected = cases[0]?.objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
  expect(keys.toSorted()).toEqual(expected?.toSorted());
});

test("The preset redox has nothing to report about: every object is accepted, and no user has two roles at a scope", async () => {
  const { manifests } = await reader.read();
  const world = new World("redox");
  for (const { object } of manifests.values()) world.put(object);
  for (const binding of defaultBindings(world)) {
    if (world.get("AccessRoleBinding", binding.metadata.name) === undefined) world.put(binding);
  }
  const verdicts = [...manifests.values()].map(({ object }) => ({
    object: `${object.kind}/${object.metadata.name}`,
    ...diagnose(world, object),
  }));
  expect(verdicts.filter(({ accepted }) => !accepted)).toEqual([]);
  const places = [...world.list("AccessRoleBinding")].flatMap(({ spec }) =>
    spec.subjects.map(({ name }) => `${name} at ${spec.scope.kind}/${spec.scope.name}`),
  );
  expect(places).toHaveLength(new Set(places).size);
  expect(places).toHaveLength(5 * 4);
});
