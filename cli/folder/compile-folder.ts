import { DomainCompiler } from "../../engine/compile/domain-compiler.ts";
import { loadCompiled } from "../../engine/policy/load-compiled.ts";
import type { Policy } from "../../engine/policy/policy.ts";
import type { DeclaredObject } from "../../operator/source/folder/folder-contents.ts";
import { FolderWorld } from "../../operator/source/folder/folder-world.ts";

/** Compiles the manifests of a folder as an operator would, default bindings included: a policy for each domain. */
export function compileFolder(manifests: ReadonlyMap<string, DeclaredObject>): Map<string, Policy> {
  return new Map([...compilersOf(manifests)].map(([domain, compiler]) => [domain, loadPolicy(compiler)]));
}

/** The objects of each domain in a compiler, default bindings included. */
export function compilersOf(manifests: ReadonlyMap<string, DeclaredObject>): Map<string, DomainCompiler> {
  const compilers = new Map<string, DomainCompiler>();
  new FolderWorld().load(manifests, "1", {
    put(domain, object) {
      let compiler = compilers.get(domain);
      if (compiler === undefined) compilers.set(domain, (compiler = new DomainCompiler(domain)));
      compiler.put(object);
    },
    remove() {},
    progress() {},
    synced() {},
  });
  return compilers;
}

/** The policy of what a compiler holds. */
export function loadPolicy(compiler: DomainCompiler): Policy {
  return loadCompiled(compiler.compile({}));
}
