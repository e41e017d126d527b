import { Shard } from "../../proto/generated/shard.js";
import type { Input } from "../../proto/message-type.ts";
import { DOMAIN_NAME, domainSettings } from "../model/domain-settings.ts";
import type { AccessGroup, Kind, SidegateObject } from "../model/objects.generated.ts";
import { byCodeUnits } from "../model/order.ts";
import type { Position } from "../model/position.ts";
import { organizationOfEnvironment, organizationOfScope, scopesOf } from "../model/scope-tree.ts";
import { subjectKey } from "../model/subject.ts";
import { isTerminating, World } from "../model/world.ts";
import { BucketedIndex } from "./bucketed-index.ts";
import { compileDirectory, compileSubjects } from "./compile-buckets.ts";
import { compileOrganization, compilePlatformGrants } from "./compile-grants.ts";
import { compileModel } from "./compile-model.ts";
import { type CompiledPolicy, type CompiledShard, hashShard, revisionOf } from "./compiled-policy.ts";
import { SHARD_FORMAT } from "./shard-format.ts";

/**
 * Compiles one domain, shard by shard. Changes mark the shards that they touch; `compile` makes these anew and keeps the
 * others. The result depends on the objects alone, not on their order or history.
 *
 * INVARIANT: after `compile`, `#shards` is what a new compiler fed with `world` would make.
 */
export class DomainCompiler {
  readonly world: World;
  readonly #shards = new Map<string, CompiledShard>();
  readonly #staleOrganizations = new Set<string>();
  readonly #scopesOfOrganization = new Map<string, readonly string[]>();
  readonly #directory = new BucketedIndex<string>();
  readonly #groupsOfMember = new BucketedIndex<Set<AccessGroup>>();
  #isModelStale = true;
  #isPlatformStale = true;

  constructor(domain: string) {
    this.world = new World(domain);
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
    if (this.#isPlatformStale) this.#keep("platform", { grants: compilePlatformGrants(this.world) });
    for (const organization of this.#staleOrganizations) this.#compileOrganization(organization);
    this.#isModelStale = this.#isPlatformStale = false;
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

  #forget(kind: Kind, name: string): void {
    const old = this.world.get(kind, name);
    if (old !== undefined) this.#touch(old, false);
  }

  /** Marks the shards that an object stands in, as the world is now. */
  #touch(object: SidegateObject, isThere: boolean): void {
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
      case "Membership":
        this.#staleOrganizations.add(object.spec.organization);
        break;
      case "Environment":
        this.#touchOrganization(organizationOfEnvironment(this.world, object));
        break;
      case "AccessRoleBinding":
        if (object.spec.scope.kind === "Platform") this.#isPlatformStale = true;
        else this.#touchOrganization(organizationOfScope(this.world, object.spec.scope));
        // Whether a role that is marked for deletion goes on depends on who names it.
        if (this.world.hasTerminatingRoles) this.#isModelStale = true;
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

  #touchMembers(group: AccessGroup, isThere: boolean): void {
    for (const { kind, name } of group.spec.members ?? []) {
      const key = subjectKey(kind, name);
      if (key === undefined) continue;
      const groups = this.#groupsOfMember.get(key) ?? new Set();
      if (isThere) groups.add(group);
      else groups.delete(group);
      this.#groupsOfMember.set(key, groups.size > 0 ? groups : undefined);
    }
  }

  #compileOrganization(organization: string): void {
    const exists = this.world.live("Organization", organization) !== undefined;
    this.#keep(
      `organization/${organization}`,
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
