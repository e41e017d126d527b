import { type GrantShard, Shard } from "../../proto/generated/shard.js";
import type { Input } from "../../proto/message-type.ts";
import { ChangedWorld } from "../model/changed-world.ts";
import { DOMAIN_NAME, domainSettings } from "../model/domain-settings.ts";
import type {
  AccessGroup,
  AccessRoleBinding,
  Kind,
  Membership,
  SidegateObject,
} from "../model/objects.generated.ts";
import { byCodeUnits } from "../model/order.ts";
import type { Position } from "../model/position.ts";
import { organizationOfEnvironment, organizationOfScope, scopesOf } from "../model/scope-tree.ts";
import { ORGANIZATION_SHARD } from "../model/shard-id.ts";
import { subjectKey } from "../model/subject.ts";
import { isTerminating, World } from "../model/world.ts";
import { BucketedIndex } from "./bucketed-index.ts";
import { ChangedRows } from "./changed-rows.ts";
import { compileDirectory, compileSubjects } from "./compile-buckets.ts";
import { compileOrganization, compilePlatformGrants } from "./compile-grants.ts";
import { compileModel } from "./compile-model.ts";
import { type CompiledPolicy, type CompiledShard, hashShard, revisionOf } from "./compiled-policy.ts";
import { editGrants } from "./edit-grants.ts";
import { SHARD_FORMAT } from "./shard-format.ts";

const PLATFORM = "platform";

function organizationShard(name: string): string {
  return ORGANIZATION_SHARD + name;
}

/**
 * Compiles one domain, shard by shard. Changes mark the shards that they touch; `compile` makes these anew and keeps the
 * others. The result depends on the objects alone, not on their order or history.
 *
 * INVARIANT: after `compile`, `#shards` is what a new compiler fed with `world` would make.
 */
export class DomainCompiler {
  readonly world: World;
  #shards = new Map<string, CompiledShard>();
  #staleOrganizations = new Set<string>();
  /** By the id of a shard of grants that is not to be made anew as a whole. */
  #changedRows = new Map<string, ChangedRows>();
  #scopesOfOrganization = new Map<string, readonly string[]>();
  readonly #directory: BucketedIndex<string>;
  readonly #groupsOfMember: BucketedIndex<ReadonlySet<AccessGroup>>;
  #isModelStale = true;

  /**
   * @param world to begin with, and `origin`, which has compiled all of it but what is marked afterwards; the origin must not
   * change while this one is in use. Left out: no objects
   */
  constructor(domain: string, world: World = new World(domain), origin?: DomainCompiler) {
    this.world = world;
    if (origin === undefined) {
      this.#directory = new BucketedIndex();
      this.#groupsOfMember = new BucketedIndex();
      return;
    }
    this.#shards = new Map(origin.#shards);
    this.#staleOrganizations = new Set(origin.#staleOrganizations);
    for (const [id, rows] of origin.#changedRows) this.#changedRows.set(id, new ChangedRows(rows));
    this.#scopesOfOrganization = new Map(origin.#scopesOfOrganization);
    this.#directory = new BucketedIndex(origin.#directory);
    this.#groupsOfMember = new BucketedIndex(origin.#groupsOfMember);
    this.#isModelStale = origin.#isModelStale;
  }

  /** Adds an object or replaces the one of its kind and name. */
  put(object: SidegateObject): void {
    this.#forget(object.kind, object.metadata.name);
    this.world.put(object);
    this.#touch(object, true);
  }

  /** Takes an object out, if it is there. */
  remove(kind: Kind, name: string): void {
    this.#forget(kind, name);
    this.world.remove(kind, name);
  }

  /** Makes what changed anew. @param position how far the objects have been read */
  compile(position: Position): CompiledPolicy {
    if (this.#isModelStale) this.#keep("model", { model: compileModel(this.world) });
    if (!this.#shards.has(PLATFORM)) this.#keep(PLATFORM, { grants: compilePlatformGrants(this.world) });
    for (const [id, rows] of this.#changedRows) this.#compileRows(id, rows);
    for (const organization of this.#staleOrganizations) this.#compileOrganization(organization);
    this.#isModelStale = false;
    this.#changedRows.clear();
    this.#staleOrganizations.clear();
    for (const [bucket, content] of this.#directory.takeChanged()) {
      this.#keep(`directory/${bucket}`, content.size > 0 && { directory: compileDirectory(content) });
    }
    for (const [bucket, content] of this.#groupsOfMember.takeChanged()) {
      this.#keep(`subjects/${bucket}`, content.size > 0 && { subjects: compileSubjects(content) });
    }
    const shards = [...this.#shards.values()].sort((a, b) => byCodeUnits(a.id, b.id));
    const { epoch } = domainSettings(this.world.live("AccessDomain", DOMAIN_NAME));
    return { domain: this.world.domain, revision: revisionOf(shards), epoch, position, shards };
  }

  /**
   * What `compile` would make if one object were another, or were not there; the change is not made. Only the shards that it
   * touches are made, so this costs what `compile` would cost after it.
   *
   * @param object undefined: there is none of that kind and name
   */
  compileWith(
    kind: Kind,
    name: string,
    object: SidegateObject | undefined,
    position: Position,
  ): CompiledPolicy {
    const world = new ChangedWorld(this.world, kind, name, object);
    const changed = new DomainCompiler(world.domain, world, this);
    const old = this.world.get(kind, name);
    if (old !== undefined) changed.#touch(old, false, this.world);
    if (object !== undefined) changed.#touch(object, true);
    return changed.compile(position);
  }

  #forget(kind: Kind, name: string): void {
    const old = this.world.get(kind, name);
    if (old !== undefined) this.#touch(old, false);
  }

  /** Marks the shards that an object stands in, as the world is now. */
  #touch(object: SidegateObject, isThere: boolean, world: World = this.world): void {
    switch (object.kind) {
      case "AccessDomain":
      case "PermissionCatalog":
      case "AccessRole":
      case "AccessConstraint":
      case "TokenPolicy":
        this.#isModelStale = true;
        break;
      case "Organization":
        this.#staleOrganizations.add(object.metadata.name);
        break;
      case "Workspace":
        this.#staleOrganizations.add(object.spec.organization);
        break;
      case "Membership":
        this.#touchRow(organizationShard(object.spec.organization), object);
        break;
      case "Environment":
        this.#touchOrganization(organizationOfEnvironment(world, object));
        break;
      case "AccessRoleBinding":
        this.#touchBinding(object, world);
        // Whether a role that is marked for deletion goes on depends on who names it.
        if (world.hasTerminatingRoles) this.#isModelStale = true;
        break;
      case "AccessGroup":
        if (!isTerminating(object)) this.#touchMembers(object, isThere);
        break;
      default:
    }
  }

  #touchOrganization(organization: string | undefined): void {
    if (organization !== undefined) this.#staleOrganizations.add(organization);
  }

  #touchBinding(binding: AccessRoleBinding, world: World): void {
    const { scope } = binding.spec;
    const organization = organizationOfScope(world, scope);
    if (scope.kind === "Platform") this.#touchRow(PLATFORM, binding);
    else if (organization !== undefined) this.#touchRow(organizationShard(organization), binding);
  }

  #touchRow(id: string, object: AccessRoleBinding | Membership): void {
    let rows = this.#changedRows.get(id);
    if (rows === undefined) this.#changedRows.set(id, (rows = new ChangedRows()));
    rows.note(object);
  }

  #touchMembers(group: AccessGroup, isThere: boolean): void {
    for (const { kind, name } of group.spec.members ?? []) {
      const key = subjectKey(kind, name);
      if (key === undefined) continue;
      const groups = new Set(this.#groupsOfMember.get(key));
      if (isThere) groups.add(group);
      else groups.delete(group);
      this.#groupsOfMember.set(key, groups.size > 0 ? groups : undefined);
    }
  }

  /** Makes a shard anew in which rows changed, or marks it to be made anew as a whole, unless it is already. */
  #compileRows(id: string, rows: ChangedRows): void {
    const organization = id === PLATFORM ? undefined : id.slice(ORGANIZATION_SHARD.length);
    if (organization !== undefined && this.#staleOrganizations.has(organization)) return;
    const old = this.#shards.get(id);
    const changes = old && rows.changesIn(this.world);
    const grants = changes && editGrants(Shard.decode(old.bytes).grants as GrantShard, changes);
    if (grants !== undefined) this.#keep(id, { grants });
    else if (organization !== undefined) this.#staleOrganizations.add(organization);
    else this.#keep(id, { grants: compilePlatformGrants(this.world) });
  }

  #compileOrganization(organization: string): void {
    const exists = this.world.live("Organization", organization) !== undefined;
    this.#keep(
      organizationShard(organization),
      exists && { grants: compileOrganization(this.world, organization) },
    );
    this.#updateDirectory(
      organization,
      exists
        ? scopesOf(this.world, organization)
            .slice(1)
            .map((s) => s.key)
        : [],
    );
  }

  #updateDirectory(organization: string, scopes: readonly string[]): void {
    const kept = new Set(scopes);
    for (const scope of this.#scopesOfOrganization.get(organization) ?? []) {
      // A scope that was made anew elsewhere belongs to its new organization already, or will when that is compiled.
      if (!kept.has(scope) && this.#directory.get(scope) === organization)
        this.#directory.set(scope, undefined);
    }
    for (const scope of scopes)
      if (this.#directory.get(scope) !== organization) this.#directory.set(scope, organization);
    if (scopes.length > 0) this.#scopesOfOrganization.set(organization, scopes);
    else this.#scopesOfOrganization.delete(organization);
  }

  #keep(id: string, body: Omit<Input<Shard>, "format"> | false): void {
    if (body === false) {
      this.#shards.delete(id);
      return;
    }
    const bytes = Shard.encode({ format: SHARD_FORMAT, ...body }).finish();
    const hash = hashShard(bytes);
    if (this.#shards.get(id)?.hash !== hash) this.#shards.set(id, { id, hash, bytes });
  }
}
