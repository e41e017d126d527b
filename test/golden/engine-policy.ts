import type { CaseRequest } from "../../cli/cases/case-world.ts";
import { DomainCompiler } from "../../engine/compile/domain-compiler.ts";
import type { DecisionRequest } from "../../engine/decide/request.ts";
import { defaultBindings } from "../../engine/defaults/default-bindings.ts";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import { loadCompiled } from "../../engine/policy/load-compiled.ts";
import type { Policy } from "../../engine/policy/policy.ts";
import { TokenVerifier } from "../../sidecar/token/token-verifier.ts";
import { silent } from "../support/silent-logger.ts";

const policies = new WeakMap<readonly SidegateObject[], Policy>();
const verifier = new TokenVerifier(silent);

/**
 * The policy of a folder with these objects, compiled to bytes and loaded: a default that a binding of its name stands for is
 * not given.
 */
export function policyOf(objects: readonly SidegateObject[]): Policy {
  const known = policies.get(objects) ?? compileAndLoad(objects);
  policies.set(objects, known);
  return known;
}

function compileAndLoad(objects: readonly SidegateObject[]): Policy {
  const compiler = new DomainCompiler("golden");
  for (const object of objects) compiler.put(object);
  for (const binding of defaultBindings(compiler.world)) {
    if (compiler.world.get("AccessRoleBinding", binding.metadata.name) === undefined) compiler.put(binding);
  }
  return loadCompiled(compiler.compile({}));
}

/** The request as the engine takes it, with what its token proves. @param now milliseconds since 1970 */
export async function prove(
  policy: Policy,
  { token, ...request }: CaseRequest,
  now: number,
): Promise<DecisionRequest> {
  return {
    ...request,
    token: token && (await verifier.verify(policy.model.tokenPolicies, token.text, now)),
  };
}
