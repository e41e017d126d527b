import { Shard } from "../../proto/generated/shard.js";
import { hashShard, revisionOf } from "../compile/compiled-policy.ts";
import { SHARD_FORMAT } from "../compile/shard-format.ts";
import { SidegateError } from "../errors/sidegate-error.ts";
import { BUCKETS } from "../model/hash.ts";
import type { Position } from "../model/position.ts";
import { ORGANIZATION_SHARD } from "../model/shard-id.ts";
import { LoadedDirectory, LoadedSubjects } from "./loaded-buckets.ts";
import { LoadedGrants } from "./loaded-grants.ts";
import { LoadedModel } from "./loaded-model.ts";
import { type Organizations, ResidentOrganizations } from "./organizations.ts";
import { ScopeIndex } from "./scope-index.ts";

/** What a policy consists of; the shards are ordered by id. */
export interface PolicyManifest {
  readonly domain: string;
  readonly revision: string;
  readonly epoch: number;
  readonly position: Position;
  /** Hashes are hexadecimal. */
  readonly shards: readonly { readonly id: string; readonly hash: string }[];
}

type LoadedShard = LoadedModel | LoadedGrants | LoadedDirectory | LoadedSubjects;

/** Stands for organizations that are not all loaded. @param hashes of their shards, by name */
export type LoadOnDemand = (hashes: ReadonlyMap<string, string>) => Organizations;

/**
 * The policy of a domain as decisions use it: immutable, and sharing with its predecessor every shard that is the same.
 */
export class Policy {
  readonly manifest: PolicyManifest;
  readonly model: LoadedModel;
  readonly platform: LoadedGrants;
  readonly organizations: Organizations;
  readonly scopes: ScopeIndex;
  /** By bucket. */
  readonly subjects: readonly (LoadedSubjects | undefined)[];

  readonly #content: PolicyContent;

  private constructor(manifest: PolicyManifest, content: PolicyContent) {
    this.manifest = manifest;
    this.model = content.model;
    this.platform = content.platform;
    this.organizations = content.organizations;
    this.scopes = content.scopes;
    this.subjects = content.subjects;
    this.#content = content;
  }

  /**
   * Builds a policy beside the one in use.
   *
   * @param bytesOf the bytes of a shard by its hash, verified; asked only for shards that `previous` lacks
   * @param onDemand left out: all organizations are loaded; otherwise none of their shards is asked for
   * @throws SidegateError SG2001 for a format of the future, SG2002 for what can not be read or does not fit together
   */
  static load(
    manifest: PolicyManifest,
    bytesOf: (hash: string) => Uint8Array,
    previous?: Policy,
    onDemand?: LoadOnDemand,
  ): Policy {
    if (revisionOf(manifest.shards) !== manifest.revision) {
      throw new SidegateError("SG2002", `revision ${manifest.revision} is not the hash of its shard list`);
    }
    const held = previous === undefined ? undefined : previous.#content.byHash;
    const byHash = new Map<string, LoadedShard>();
    for (const { id, hash } of manifest.shards) {
      if (onDemand !== undefined && id.startsWith(ORGANIZATION_SHARD)) continue;
      byHash.set(hash, held?.get(hash) ?? loadShard(id, bytesOf(hash)));
    }
    const organizations = onDemand?.(organizationHashes(manifest)) ?? loadedOrganizations(manifest, byHash);
    return new Policy(manifest, arrange(manifest, byHash, organizations));
  }

  get domain(): string {
    return this.manifest.domain;
  }

  get revision(): string {
    return this.manifest.revision;
  }

  get epoch(): number {
    return this.manifest.epoch;
  }

  get position(): Position {
    return this.manifest.position;
  }

  get staleness(): LoadedModel["staleness"] {
    return this.model.staleness;
  }

  /** Whether it holds the shard with this hash. */
  hasShard(hash: string): boolean {
    return this.#content.byHash.has(hash);
  }

  /** The same policy with other means to get at its organizations. */
  withOrganizations(organizations: Organizations): Policy {
    const scopes = this.scopes.withOrganizations(organizations);
    return new Policy(this.manifest, { ...this.#content, organizations, scopes });
  }

  /** The same content, read further. */
  withPosition(position: Position, epoch: number): Policy {
    return new Policy({ ...this.manifest, position, epoch }, this.#content);
  }
}

/** The shards of a policy, each in its place. */
interface PolicyContent {
  readonly model: LoadedModel;
  readonly platform: LoadedGrants;
  readonly organizations: Organizations;
  readonly scopes: ScopeIndex;
  readonly subjects: readonly (LoadedSubjects | undefined)[];
  readonly byHash: ReadonlyMap<string, LoadedShard>;
}

function arrange(
  manifest: PolicyManifest,
  byHash: ReadonlyMap<string, LoadedShard>,
  organizations: Organizations,
): PolicyContent {
  const byId = new Map<string, LoadedShard | undefined>();
  for (const { id, hash } of manifest.shards)
    if (!id.startsWith(ORGANIZATION_SHARD)) byId.set(id, byHash.get(hash));
  return {
    model: expect(byId.get("model"), LoadedModel, "model"),
    platform: grantsOf(byId.get("platform"), "", "platform"),
    organizations,
    scopes: new ScopeIndex(buckets(byId, "directory", LoadedDirectory), organizations),
    subjects: buckets(byId, "subjects", LoadedSubjects),
    byHash,
  };
}

function loadedOrganizations(
  manifest: PolicyManifest,
  byHash: ReadonlyMap<string, LoadedShard>,
): ResidentOrganizations {
  const organizations = new ResidentOrganizations();
  for (const [name, hash] of organizationHashes(manifest))
    organizations.set(name, grantsOf(byHash.get(hash), name, ORGANIZATION_SHARD + name));
  return organizations;
}

/** The hashes of the shards of organizations, by name and ordered by it. */
export function organizationHashes({ shards }: Pick<PolicyManifest, "shards">): ReadonlyMap<string, string> {
  const hashes = new Map<string, string>();
  for (const { id, hash } of shards)
    if (id.startsWith(ORGANIZATION_SHARD)) hashes.set(id.slice(ORGANIZATION_SHARD.length), hash);
  return hashes;
}

/** Loads the shard of one organization. @param bytes verified @throws SidegateError as `Policy.load` */
export function loadOrganization(name: string, bytes: Uint8Array): LoadedGrants {
  const id = ORGANIZATION_SHARD + name;
  return grantsOf(loadShard(id, bytes), name, id);
}

/** Requires that bytes are the content of the shard with this hash. @throws SidegateError SG2002 */
export function verifyShard(hash: string, bytes: Uint8Array): void {
  const actual = hashShard(bytes);
  if (actual !== hash)
    throw new SidegateError("SG2002", `a shard announced as ${hash} has the hash ${actual}`);
}

function loadShard(id: string, bytes: Uint8Array): LoadedShard {
  const shard = decodeShard(id, bytes);
  if (shard.format !== SHARD_FORMAT) {
    throw new SidegateError("SG2001", `shard ${id} has format ${shard.format}, known is ${SHARD_FORMAT}`);
  }
  if (shard.model) return new LoadedModel(shard.model);
  if (shard.grants) return new LoadedGrants(shard.grants);
  if (shard.directory) return new LoadedDirectory(shard.directory);
  if (shard.subjects) return new LoadedSubjects(shard.subjects);
  throw new SidegateError("SG2002", `shard ${id} has no body`);
}

function decodeShard(id: string, bytes: Uint8Array): Shard {
  try {
    return Shard.decode(bytes);
  } catch (cause) {
    throw new SidegateError("SG2002", `shard ${id} can not be decoded`, { cause });
  }
}

function grantsOf(shard: unknown, organization: string, id: string): LoadedGrants {
  const grants = expect(shard, LoadedGrants, id);
  if (grants.organization === organization) return grants;
  throw new SidegateError("SG2002", `shard ${id} is of the organization "${grants.organization}"`);
}

function expect<T extends LoadedShard>(shard: unknown, type: new (...args: never[]) => T, id: string): T {
  if (shard instanceof type) return shard;
  throw new SidegateError("SG2002", `the policy has no shard ${id} of the kind ${type.name}`);
}

function buckets<T extends LoadedShard>(
  byId: ReadonlyMap<string, LoadedShard | undefined>,
  name: string,
  type: new (...args: never[]) => T,
): (T | undefined)[] {
  return Array.from({ length: BUCKETS }, (_, bucket) => {
    const id = `${name}/${bucket}`;
    return byId.has(id) ? expect(byId.get(id), type, id) : undefined;
  });
}
