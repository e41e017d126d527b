import fc, { type Arbitrary } from "fast-check";
import { holdingsOf } from "../../engine/delegate/holdings-of.ts";
import { RoleGraph } from "../../engine/delegate/role-closure.ts";
import { uncoveredByWriter } from "../../engine/delegate/role-coverage.ts";
import type { Writer } from "../../engine/delegate/writer.ts";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import { World } from "../../engine/model/world.ts";
import { loadCompiled } from "../../engine/policy/load-compiled.ts";
import { coversRoleEdit } from "../oracle/coverage.ts";
import { binding, build, DOMAIN } from "../worlds/build.ts";
import { constraint } from "../worlds/constraints.ts";
import { delegationSeed, delegationWorld, questionOf } from "../worlds/delegation.ts";
import { now } from "../worlds/instants.ts";
import { environments, FAILING, organizations, roles, types, workspaces } from "../worlds/names.ts";
import { seldom, weighted } from "../worlds/often.ts";
import { type RoleEdit, roleEdit, roleEditSeed, sameForAll } from "../worlds/role-edits.ts";
import { role } from "../worlds/roles.ts";
import { keyOf, type WorldObjects } from "../worlds/world.ts";
import { compile, createEngine } from "./engine.ts";
import { type Law, law } from "./law.ts";
import { showCase } from "./show-case.ts";

interface CoverageCase {
  readonly objects: WorldObjects;
  readonly edit: RoleEdit;
  readonly writer: Writer;
  /** The role of which somebody else is a holder: the edited one, or one that may include it. */
  readonly held: string;
}

/** Any worlds. Hardly a writer there holds what a role comes to, so most edits that are covered add nothing. */
const anyCase: Arbitrary<CoverageCase> = fc
  .record({
    generated: delegationWorld,
    asked: delegationSeed,
    seed: roleEditSeed,
    held: fc.constantFrom(...roles),
  })
  .map(({ generated, asked, seed, held }) => {
    const objects = sameForAll(generated);
    const { subjectKind, subjectName, groups } = questionOf(asked, objects).actor;
    const writer = { kind: subjectKind as Writer["kind"], name: subjectName, groups };
    return { objects, edit: roleEdit(seed, objects), writer, held };
  });

/** Worlds of a writer with roles here and there, who rewrites one role from the rules of the others. */
const closeCase: Arbitrary<CoverageCase> = fc
  .record({
    roles: fc.tuple(...roles.map((name) => role(name))),
    own: fc.array(
      fc.record({
        role: fc.constantFrom(...roles),
        scope: weighted<string>(
          [4, "platform"],
          [3, "organization/a"],
          [1, fc.constantFrom("workspace/w", "environment/e", "environment/f")],
        ),
        when: seldom(fc.constantFrom(FAILING, "context.mfa"), 5),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    constraints: fc.array(constraint("k"), { maxLength: 1 }),
    seed: roleEditSeed,
    held: seldom(fc.constantFrom(...roles), 3),
  })
  .map(({ roles: written, own, constraints, seed, held }) => {
    const mine = own.map(({ role: name, scope, when }, index) =>
      binding(`own${index}`, name, "User:ann", scope, when === undefined ? {} : { when }),
    );
    const objects = sameForAll([...scenery, ...written, ...mine, ...constraints]);
    const writer = { kind: "User" as const, name: "ann", groups: [] };
    return { objects, edit: roleEdit(seed, objects), writer, held: held ?? seed.role };
  });

const scenery = [
  build("PermissionCatalog", "core", {
    resources: Object.entries(types).map(([name, { level, verbs }]) => ({
      name,
      level,
      verbs: Object.entries(verbs).map(([verb, implies]) => ({ name: verb, implies })),
    })),
  }),
  build("AccessDomain", "default", { membership: "Optional" }),
  build("Organization", "a", {}),
  build("Organization", "b", {}),
  build("Workspace", "w", { organization: "a" }),
  build("Environment", "e", { workspace: "w" }),
  build("Environment", "f", { organization: "a" }),
];

const coverageCase = fc.oneof({ weight: 1, arbitrary: anyCase }, { weight: 4, arbitrary: closeCase });

function placeOf(role: SidegateObject | undefined): string {
  const organization = role?.kind === "AccessRole" ? role.spec.organization : undefined;
  return organization === undefined ? "platform" : `organization/${organization}`;
}

/** A role that its writer holds gives nobody more than the writer has. */
export const coverageLaws: readonly Law[] = [
  law(
    "a role edit that is covered allows its holders nothing that the writer may not or the old role did not",
    1000,
    fc.property(coverageCase, now, ({ objects, edit, writer, held }, instant) => {
      const world = new World(DOMAIN);
      for (const object of objects) world.put(object);
      const policy = loadCompiled(compile(objects));
      const graph = new RoleGraph(world.listLive("AccessRole"));
      const holdingsAt = (place: string) => holdingsOf(policy, graph, writer, place, instant);
      // What is written is what the world makes of it: a role marked for deletion that nobody uses is not there.
      if (uncoveredByWriter(world, edit.before, edit.after, holdingsAt).length > 0) return;
      for (const gained of gains(objects, edit, held, instant)) {
        const request = {
          ...gained,
          subjectKind: writer.kind,
          subjectName: writer.name,
          groups: writer.groups,
        };
        const { outcome } = createEngine(objects).decide(request, instant);
        if (outcome === "Allowed" || outcome === "SeparationOfDuty") continue;
        throw new Error(showCase(objects, { edit, writer, held, gained, now: new Date(instant), outcome }));
      }
    }),
  ),
];

/** What is compared: whether an edit is covered, by the engine's rules and by the oracle's single permissions. */
export const roleEditLaws: readonly Law[] = [
  law(
    "a role edit that the engine finds covered keeps to what the oracle asks of it",
    3000,
    fc.property(coverageCase, now, ({ objects, edit, writer }, instant) => {
      const world = new World(DOMAIN);
      for (const object of objects) world.put(object);
      const policy = loadCompiled(compile(objects));
      const graph = new RoleGraph(world.listLive("AccessRole"));
      const holdingsAt = (place: string) => holdingsOf(policy, graph, writer, place, instant);
      if (uncoveredByWriter(world, edit.before, edit.after, holdingsAt).length > 0) return;
      const others = objects.filter((object) => keyOf(object) !== keyOf(edit.after));
      const { name } = edit.after.metadata;
      if (coversRoleEdit(objects, [...others, edit.after], name, writer, instant)) return;
      throw new Error(showCase(objects, { edit, writer, now: new Date(instant) }));
    }),
  ),
];

const HOLDER = "zed";

/** The requests that an edit lets a holder of a role be allowed: of the one that is edited, or of one that includes it. */
function gains(objects: WorldObjects, { before, after }: RoleEdit, held: string, instant: number) {
  const others = objects.filter((object) => keyOf(object) !== keyOf(after));
  const role = [after, ...others].find(
    (object) => object.kind === "AccessRole" && object.metadata.name === held,
  );
  const holder = [
    ...organizations.map((name) =>
      build("Membership", `${HOLDER}-${name}`, {
        organization: name,
        subject: { kind: "User", name: HOLDER },
      }),
    ),
    binding(HOLDER, held, `User:${HOLDER}`, placeOf(role)),
  ];
  // What a constraint took from holders of the old role, it had all the same.
  const old = [...others, ...(before === undefined ? [] : [before]), ...holder].filter(isNoConstraint);
  const [had, has] = [createEngine(old), createEngine([...others, after, ...holder])];
  return everything.filter(
    (request) =>
      has.decide(request, instant).outcome === "Allowed" &&
      had.decide(request, instant).outcome !== "Allowed",
  );
}

function isNoConstraint({ kind }: SidegateObject): boolean {
  return kind !== "AccessConstraint";
}

const scopes = [
  "platform",
  ...organizations.map((name) => `organization/${name}`),
  ...workspaces.map((name) => `workspace/${name}`),
  ...environments.map((name) => `environment/${name}`),
];

const everything = Object.entries(types).flatMap(([type, { level, verbs }]) =>
  scopes
    .filter((scope) => scope.startsWith(level.toLowerCase()))
    .flatMap((scope) =>
      Object.keys(verbs).flatMap((verb) =>
        ["", "x", "xx"].map((resourceName) => ({
          subjectKind: "User",
          subjectName: HOLDER,
          groups: [],
          permission: `${type}:${verb}`,
          scope,
          resourceName,
          activeRoles: [],
          context: { mfa: true, level: 2 },
        })),
      ),
    ),
);
