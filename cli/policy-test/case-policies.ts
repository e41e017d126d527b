import { DomainCompiler } from "../../engine/compile/domain-compiler.ts";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import type { World } from "../../engine/model/world.ts";
import { loadCompiled } from "../../engine/policy/load-compiled.ts";
import type { Policy } from "../../engine/policy/policy.ts";
import type { DeclaredObject } from "../../operator/source/folder/folder-contents.ts";
import { FolderWorld } from "../../operator/source/folder/folder-world.ts";

/** The domain that cases are decided in: they name none. */
const DOMAIN = "cases";

/**
 * Compiles the objects of one case after another as a folder of manifests is compiled, default bindings included. Only what
 * differs from the case before is compiled anew, since most cases change little or nothing.
 */
export class CasePolicies {
  readonly #folder = new FolderWorld();
  readonly #compiler = new DomainCompiler(DOMAIN);
  #objects: readonly SidegateObject[] | undefined;
  #policy: Policy | undefined;

  /** The objects of the last policy, default bindings included. */
  get world(): World {
    return this.#compiler.world;
  }

  /** The policy of these objects. */
  policyOf(objects: readonly SidegateObject[]): Policy {
    if (this.#policy !== undefined && this.#objects === objects) return this.#policy;
    const declared = objects.map((object): [string, DeclaredObject] => [
      `${object.kind}/${object.metadata.name}`,
      { domain: DOMAIN, object },
    ]);
    this.#folder.load(new Map(declared), "1", {
      put: (_domain, object) => this.#compiler.put(object),
      remove: (_domain, kind, name) => this.#compiler.remove(kind, name),
      progress() {},
      synced() {},
    });
    this.#objects = objects;
    this.#policy = loadCompiled(this.#compiler.compile({}), this.#policy);
    return this.#policy;
  }
}
