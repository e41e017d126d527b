import { KeySet } from "../decide/key-set.ts";
import type { ResolvedScope } from "../decide/resolve-scope.ts";
import { AUTHENTICATED, SubjectDigit } from "../model/subject.ts";
import type { LoadedSubjects } from "../policy/loaded-buckets.ts";
import type { LoadedGrants } from "../policy/loaded-grants.ts";
import type { Policy } from "../policy/policy.ts";
import type { StringTable } from "../policy/string-table.ts";
import { askerInGroup } from "./asker.ts";
import { firstFrom } from "./first-from.ts";
import { addGroupsBelow } from "./groups-below.ts";
import { KeyStream } from "./key-stream.ts";
import { mergeStreams, type OrderedKeys } from "./merge-streams.ts";
import { OrganizationsStream } from "./organizations-stream.ts";
import type { Sources } from "./sources.ts";

/** Declared groups are not listed: their members are. */
const END = SubjectDigit.AccessGroup;
/** Groups that callers assert come after all subjects proper. */
const FIRST_GROUP = SubjectDigit.Group;

/**
 * The keys of all subjects, of those that the policy names, who may have what comes from some sources at a scope, in
 * ascending order: the sources, those in declared groups that are sources, and everybody where `system:authenticated` is one.
 * Yields undefined now and then.
 *
 * @param after the key after which to go on; empty: from the start
 * @param now milliseconds since 1970
 */
export function* candidates(
  policy: Policy,
  scope: ResolvedScope,
  sources: Sources,
  after: string,
  now: number,
): Generator<string | undefined> {
  const shards = scope.grants === policy.platform ? [policy.platform] : [policy.platform, scope.grants];
  const groups = new Set<string>();
  for (const grants of shards) yield* addSourceGroups(grants, sources, groups);
  yield* addGroupsBelow(policy, groups);
  const reach = reachOfEveryone(policy, shards, sources, now);
  const streams: OrderedKeys[] = shards.map((grants) => {
    const isEveryone = reach === "All" || (reach === "Members" && grants === scope.grants);
    return shardStream(grants, after, isEveryone, (row) => sources.has(grants, row));
  });
  for (const bucket of policy.subjects) {
    if (bucket === undefined) continue;
    const isSource = yield* rowsOf(groups, bucket.groupNames);
    streams.push(bucketStream(bucket, after, reach === "All", isSource));
  }
  if (reach === "All" && !policy.organizations.isResident) {
    streams.push(new OrganizationsStream(policy.organizations, scope.grants.organization, after));
  } else if (reach === "All") {
    for (const grants of policy.organizations.values()) {
      if (grants !== scope.grants) streams.push(shardStream(grants, after, true, () => false));
      yield undefined;
    }
  }
  yield* mergeStreams(streams);
}

/**
 * For whom `system:authenticated` is a source: for all; in an organization where membership is required for its members, who
 * all stand in its shard; or for nobody.
 */
function reachOfEveryone(
  policy: Policy,
  shards: readonly LoadedGrants[],
  sources: Sources,
  now: number,
): "All" | "Members" | "Nobody" {
  const keys = new KeySet();
  askerInGroup(policy, AUTHENTICATED, undefined, true).fill(keys, now);
  let reach: "Members" | "Nobody" = "Nobody";
  for (const grants of shards) {
    for (let key = 0; key < keys.count; key++) {
      const subject = keys.rowIn(grants, key);
      if (subject < 0 || !sources.has(grants, subject)) continue;
      if (grants === policy.platform || !policy.model.membershipRequired) return "All";
      reach = "Members";
    }
  }
  return reach;
}

/** Adds the declared groups that are sources. */
function* addSourceGroups(grants: LoadedGrants, sources: Sources, groups: Set<string>): Generator<undefined> {
  const { subjects } = grants;
  for (let row = firstFrom(subjects, SubjectDigit.AccessGroup); row < subjects.size; row++) {
    if (sources.has(grants, row)) groups.add(subjects.text(row).slice(1));
    if (row % 256 === 0) yield undefined;
  }
}

/** @param isEveryone whether all users and service accounts are wanted, and not sources alone */
function shardStream(
  { subjects }: LoadedGrants,
  after: string,
  isEveryone: boolean,
  isSource: (row: number) => boolean,
): KeyStream {
  const firstGroup = isEveryone ? firstFrom(subjects, FIRST_GROUP) : 0;
  return new KeyStream(subjects, after, END, (row) => row < firstGroup || isSource(row));
}

/** Which rows of a table are in a set of names: 1 for those. Yields now and then. */
function* rowsOf(names: ReadonlySet<string>, table: StringTable): Generator<undefined, Uint8Array> {
  const rows = new Uint8Array(table.size);
  let seen = 0;
  for (const name of names) {
    const row = table.findText(name);
    if (row >= 0) rows[row] = 1;
    if (++seen % 256 === 0) yield undefined;
  }
  return rows;
}

/** @param isSource by row of the bucket's groups: 1 for sources */
function bucketStream(
  bucket: LoadedSubjects,
  after: string,
  isEveryone: boolean,
  isSource: Uint8Array,
): KeyStream {
  const { members, memberGroup, memberGroupEnds } = bucket;
  const firstGroup = isEveryone ? firstFrom(members, FIRST_GROUP) : 0;
  return new KeyStream(members, after, END, (row) => {
    if (row < firstGroup) return true;
    for (let at = bucket.firstGroup(row); at < memberGroupEnds[row]!; at++)
      if (isSource[memberGroup[at]!] === 1) return true;
    return false;
  });
}
