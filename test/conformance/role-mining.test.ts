import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CheckFailedError } from "../../client/errors.ts";
import { crds } from "../../crds/definitions.ts";
import { decide } from "../../engine/decide/decide.ts";
import { listPermissions } from "../../engine/enumerate/list-permissions.ts";
import { listSubjects } from "../../engine/enumerate/list-subjects.ts";
import { loadCompiled } from "../../engine/policy/load-compiled.ts";
import { createManifestValidator } from "../../engine/validate/manifest-validator.ts";
import { compile } from "../properties/engine.ts";
import { count, row, sectionOf } from "./page.ts";
import { type AccessMatrix, companies, readMatrix, readRoles } from "./role-mining-data.ts";
import { companyWorld, permissionOf, SCOPE, upTo, userOf } from "./role-mining-world.ts";
import { describeVectors } from "./vectors.ts";
import { startVectorSidecar, type VectorSidecar } from "./vectors-sidecar.ts";

const NOW = Date.parse("2026-01-01T00:00:00Z");

/** Millions of decisions take seconds where the machine is busy. */
const LONG = 240_000;

/** Cells of each company that are asked over the wire, as far as it has so many: half of them among those allowed. */
const SAMPLE = 5_000;
const BATCH = 1_000;

describeVectors("The access matrices of four companies", "role-mining", (folder) => {
  const worlds = companies.map((company) => {
    const [matrix, roles] = [readMatrix(folder, company), readRoles(folder, company)];
    return { company, matrix, roles, objects: companyWorld(matrix, roles) };
  });

  describe.each(worlds)("$company", ({ company, matrix, roles, objects }) => {
    const policy = loadCompiled(compile(objects));
    const asked = { subjectKind: "User", groups: [], resourceName: "", activeRoles: [], scope: SCOPE };
    let sidecar: VectorSidecar;
    beforeAll(async () => {
      sidecar = await startVectorSidecar(objects);
    });
    afterAll(() => sidecar.stop());

    test("is said in valid manifests", () => {
      const validator = createManifestValidator(crds);
      expect(objects.flatMap((object) => validator.validate(object))).toEqual([]);
    });

    test("gives every cell back, allow and deny, in the engine", { timeout: LONG }, () => {
      const names = upTo(matrix.permissions).map(permissionOf);
      const wrong: string[] = [];
      let cells = 0;
      for (const user of upTo(matrix.users)) {
        const subject = { ...asked, subjectName: userOf(user) };
        for (const [index, permission] of names.entries()) {
          cells++;
          const { outcome } = decide(policy, { ...subject, permission }, NOW);
          const wanted = matrix.has(user, index + 1) ? "Allowed" : "NoGrant";
          if (outcome !== wanted) wrong.push(`${userOf(user)} ${permission}: ${outcome}`);
        }
      }
      expect(wrong).toEqual([]);
      const sums = [roles.length, matrix.users, matrix.permissions, cells, matrix.allowed];
      expect(sectionOf("Role mining")).toContain(row(company, ...sums));
    });

    test("gives each row back as what a user may do", { timeout: LONG }, () => {
      for (const user of upTo(matrix.users)) {
        const listed = [...listPermissions(policy, { ...asked, subjectName: userOf(user) }, NOW)];
        const held = upTo(matrix.permissions).filter((permission) => matrix.has(user, permission));
        expect(listed.map(({ permission }) => permission)).toEqual(held.map(permissionOf).sort());
        expect(listed.filter(({ holding }) => holding.certainty !== "Always")).toEqual([]);
      }
    });

    test("gives each column back as who may do it", { timeout: LONG }, () => {
      for (const permission of upTo(matrix.permissions)) {
        const request = { ...asked, permission: permissionOf(permission) };
        const listed = [...listSubjects(policy, request, NOW)].filter((each) => each !== undefined);
        const holders = upTo(matrix.users).filter((user) => matrix.has(user, permission));
        expect(listed.map(({ name }) => name)).toEqual(holders.map(userOf).sort());
        expect(listed.filter(({ holding }) => holding.certainty !== "Always")).toEqual([]);
      }
    });

    test("gives a sample of its cells back over the wire", { timeout: LONG }, async () => {
      const cells = sampleOf(matrix);
      for (let first = 0; first < cells.length; first += BATCH) {
        const part = cells.slice(first, first + BATCH);
        const answers = await sidecar.client.batchCheck(
          part.map(([user, permission]) => ({
            subject: { kind: "User", name: userOf(user) },
            ...{ permission: permissionOf(permission), scope: SCOPE },
          })),
        );
        const allowed = answers.map((each) => (each instanceof CheckFailedError ? each : each.allowed));
        expect(allowed).toEqual(part.map(([user, permission]) => matrix.has(user, permission)));
      }
    });
  });

  test("have the sums that the page of conformance says", () => {
    const cells = worlds.map(({ matrix }) => matrix.users * matrix.permissions);
    const sum = (numbers: readonly number[]) => numbers.reduce((all, each) => all + each, 0);
    const sampled = sum(worlds.map(({ matrix }) => sampleOf(matrix).length));
    const page = sectionOf("Role mining");
    expect(page).toContain(`all ${count(sum(cells))} cells`);
    expect(page).toContain(`${count(sampled)} of them over the wire`);
  });
});

/** Cells spread evenly over those allowed, then over all; all where there are few. */
function sampleOf({ users, permissions, has }: AccessMatrix): Cell[] {
  const cellOf = (index: number): Cell => [Math.floor(index / permissions) + 1, (index % permissions) + 1];
  const cells = users * permissions;
  if (cells <= SAMPLE) return spread(cells, cells).map(cellOf);
  const allowed: Cell[] = [];
  for (const user of upTo(users)) {
    for (const permission of upTo(permissions)) if (has(user, permission)) allowed.push([user, permission]);
  }
  const some = spread(allowed.length, SAMPLE / 2).map((index) => allowed[index]!);
  return [...some, ...spread(cells, SAMPLE / 2).map(cellOf)];
}

type Cell = readonly [user: number, permission: number];

/** At most so many of the numbers below `length`, at even distances. */
function spread(length: number, most: number): number[] {
  const few = Math.min(most, length);
  return Array.from({ length: few }, (_, index) => Math.floor((index * length) / few));
}
