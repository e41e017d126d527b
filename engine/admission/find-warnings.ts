import { findShortages } from "../delegate/min-holders.ts";
import { findProblems } from "../diagnose/diagnose.ts";
import type { Kind, SidegateObject } from "../model/objects.generated.ts";
import { quote } from "../model/quote.ts";
import { objectKey } from "../model/references.ts";
import { isTerminating, type World } from "../model/world.ts";
import type { JudgedProblem } from "./judge-problems.ts";
import { suggestName } from "./suggest-name.ts";

/** Objects that one warning names. */
const NAMED = 3;

/** What keeps an accepted object from working: sentences for whoever writes it. */
export function problemWarnings(world: World, problems: readonly JudgedProblem[]): string[] {
  return problems.map(({ reason, path, message }) => {
    if (reason !== "ReferenceNotFound") return `${path}: ${message}`;
    const [, kind = "", name = ""] = MISSING.exec(message) ?? [];
    const meant = suggestName(world, kind, name);
    const question = meant === undefined ? "" : ` (did you mean ${quote(meant)}?)`;
    return `${path}: ${message}${question}; it counts once that exists`;
  });
}

const MISSING = /^([A-Za-z]+) "([^"]+)" does not exist$/;

/** What else a write does to others that whoever writes may not think of. */
export function* sideEffects(
  before: World,
  after: World,
  old: SidegateObject | undefined,
  object: SidegateObject | undefined,
  now: number,
): Iterable<string> {
  if (object === undefined || isTerminating(object)) {
    if (old !== undefined && !isTerminating(old)) yield* usesOf(before, old);
    return;
  }
  if (object.kind === "PermissionCatalog") yield* orphanedRules(before, after);
  if (object.kind === "AccessRole" && old?.kind === "AccessRole") {
    const levels = old.spec.assignableAt.filter((level) => !object.spec.assignableAt.includes(level));
    yield* orphanedBindings(after, object.metadata.name, levels);
  }
  if (object.kind === "AccessConstraint") yield* shortages(after, object, now);
}

/** Kinds whose names are kept until nothing refers to them. */
const KEPT: ReadonlySet<Kind> = new Set(["Organization", "Workspace", "Environment", "AccessRole"]);

/** What refers to an object that is deleted. */
function* usesOf(world: World, { kind, metadata }: SidegateObject): Iterable<string> {
  const users = [...world.referrers(objectKey(kind, metadata.name))].filter((user) => !isTerminating(user));
  if (users.length === 0) return;
  const who = listNames(users.map((user) => `${user.kind} ${quote(user.metadata.name)}`));
  const is = users.length === 1 ? "refers" : "refer";
  if (kind === "AccessRole")
    yield `${who} still ${is} to it: the role goes on, and its name is kept, until none does`;
  else if (KEPT.has(kind))
    yield `${who} still ${is} to it and count for nothing: the name is kept until none does`;
  else yield `${who} still ${is} to it, for nothing from now on`;
}

/** Rules that say something with the catalogs as they are, and nothing with the change. */
function* orphanedRules(before: World, after: World): Iterable<string> {
  const orphaned: string[] = [];
  for (const role of after.listLive("AccessRole")) {
    const unknown = (world: World) =>
      findProblems(world, role).filter(({ reason }) => reason === "UnknownPermission");
    const made = unknown(after);
    if (made.length === 0) continue;
    const known = new Set(unknown(before).map(({ path, message }) => path + message));
    for (const { path, message } of made)
      if (!known.has(path + message))
        orphaned.push(`AccessRole ${quote(role.metadata.name)} ${path}: ${message}`);
  }
  for (const text of orphaned.slice(0, NAMED)) yield `no more in effect: ${text}`;
  const more = orphaned.length - NAMED;
  if (more > 0) yield `no more in effect: ${more} more rules`;
}

/** Bindings that lose their effect because the role may not be assigned any more where they are. */
function* orphanedBindings(world: World, role: string, levels: readonly string[]): Iterable<string> {
  if (levels.length === 0) return;
  const lost: string[] = [];
  for (const { metadata, spec } of world.referring("AccessRoleBinding", objectKey("AccessRole", role)))
    if (spec.role === role && levels.includes(spec.scope.kind))
      lost.push(`AccessRoleBinding ${quote(metadata.name)}`);
  if (lost.length > 0)
    yield `no more in effect: ${listNames(lost)}, since the role may not be assigned at ${levels.join(" or ")} any more`;
}

function* shortages(
  world: World,
  constraint: Extract<SidegateObject, { kind: "AccessConstraint" }>,
  now: number,
): Iterable<string> {
  const found = findShortages(world, constraint, now);
  if (found.length === 0) return;
  const scopes = listNames(found.map(({ scope, holders, count }) => `${scope} (${holders} of ${count})`));
  yield `too few holders already at ${scopes}; nothing takes more away there`;
}

/** Some names, and how many there are besides. */
function listNames(names: readonly string[]): string {
  const more = names.length - NAMED;
  return names.slice(0, NAMED).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
