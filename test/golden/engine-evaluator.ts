import { DomainCompiler } from "../../engine/compile/domain-compiler.ts";
import { decide } from "../../engine/decide/decide.ts";
import { defaultBindings } from "../../engine/defaults/default-bindings.ts";
import { limits } from "../../engine/model/limits.ts";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import { Policy } from "../../engine/policy/policy.ts";
import { TokenVerifier } from "../../sidecar/token/token-verifier.ts";
import { silent } from "../support/silent-logger.ts";
import type { Evaluator } from "./run-golden.ts";
import { toCaseResult } from "./to-case-result.ts";

const verifier = new TokenVerifier(silent);

/** The engine: compiles the objects to bytes, loads these and decides. */
export const engineEvaluator: Evaluator = {
  name: "Engine",
  load: async (objects) => {
    const policy = compileAndLoad(objects);
    return {
      decide: async ({ token, ...request }, now) => {
        // The length of a token is a matter of the doors.
        if (token !== undefined && token.text.length > limits.token) return { outcome: "InvalidRequest" };
        const evidence = token && (await verifier.verify(policy.model.tokenPolicies, token.text, now));
        return toCaseResult(decide(policy, { ...request, token: evidence }, now));
      },
      close: async () => {},
    };
  },
};

/** The policy of a folder with these objects: a default that a binding of its name stands for is not given. */
function compileAndLoad(objects: readonly SidegateObject[]): Policy {
  const compiler = new DomainCompiler("golden");
  for (const object of objects) compiler.put(object);
  for (const binding of defaultBindings(compiler.world)) {
    if (compiler.world.get("AccessRoleBinding", binding.metadata.name) === undefined) compiler.put(binding);
  }
  const compiled = compiler.compile({});
  const bytes = new Map(compiled.shards.map((shard) => [shard.hash, shard.bytes]));
  return Policy.load(compiled, (hash) => bytes.get(hash) as Uint8Array);
}
