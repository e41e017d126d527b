import { byName } from "../model/order.ts";
import type { World } from "../model/world.ts";
import { loadTokenPolicy } from "../token/token-policy.ts";

/** The token policies of a domain, with the keys that are known: given, or fetched from the address that is given. */
export function compileTokenPolicies(world: World) {
  const policies = [...world.listLive("TokenPolicy")].sort(byName);
  return policies.map((policy) => {
    const { narrowing, ...rest } = loadTokenPolicy(policy);
    return {
      ...rest,
      claim: narrowing?.claim ?? "",
      selectors: narrowing?.selectors ?? [],
      absentAllows: narrowing?.absent === "Allow",
      unmatchedAllows: narrowing?.unmatched === "Allow",
    };
  });
}
