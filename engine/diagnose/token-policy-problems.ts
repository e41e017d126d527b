import type { TokenPolicy } from "../model/objects.generated.ts";
import type { World } from "../model/world.ts";
import { readKeySet } from "../token/json-web-key-set.ts";
import { isCovered, isSelectorPattern } from "../token/selector-pattern.ts";
import type { Problem } from "./problem.ts";

export function* tokenPolicyProblems(world: World, policy: TokenPolicy): Iterable<Problem> {
  yield* issuerProblems(world, policy);
  yield* keyProblems(policy);
  yield* selectorProblems(policy);
}

function* issuerProblems(world: World, { metadata, spec }: TokenPolicy): Iterable<Problem> {
  for (const other of world.listLive("TokenPolicy")) {
    if (other.metadata.name === metadata.name || other.spec.issuer !== spec.issuer) continue;
    const index = spec.audiences.findIndex((audience) => other.spec.audiences.includes(audience));
    if (index < 0) continue;
    const message = `TokenPolicy "${other.metadata.name}" is for the same issuer and audience; give each policy audiences of its own`;
    yield { reason: "AmbiguousIssuer", path: `spec.audiences[${index}]`, message };
  }
}

/** Keys that the operator fetches have a condition of their own, KeysReady. */
function* keyProblems({ spec }: TokenPolicy): Iterable<Problem> {
  const { jwks, jwksURL } = spec.keys;
  if ((jwks === undefined) === (jwksURL === undefined)) {
    yield { reason: "InvalidKeys", path: "spec.keys", message: "name exactly one of jwks and jwksURL" };
    return;
  }
  if (jwks === undefined) return;
  const path = "spec.keys.jwks";
  const set = readKeySet(jwks);
  if (typeof set === "string") {
    yield { reason: "InvalidKeys", path, message: `${set}; give a JSON Web Key Set, {"keys":[...]}` };
    return;
  }
  for (const { place, why } of set.ignored) {
    yield { reason: "InvalidKeys", path, message: `the key at place ${place} is left out: it ${why}` };
  }
  if (set.keys.length === 0) {
    const message =
      "no key of the set can be used, so no token is valid; give a public key with its algorithm";
    yield { reason: "InvalidKeys", path, message };
  }
}

function* selectorProblems({ spec }: TokenPolicy): Iterable<Problem> {
  const selectors = spec.narrowing?.selectors ?? [];
  for (const [index, { pattern }] of selectors.entries()) {
    const path = `spec.narrowing.selectors[${index}].pattern`;
    if (!isSelectorPattern(pattern)) {
      const message = "write a fixed text and, at its end, * or one placeholder in brackets";
      yield { reason: "InvalidSelector", path, message };
      continue;
    }
    const by = selectors.findIndex(
      (other, place) =>
        place > index && isSelectorPattern(other.pattern) && isCovered(pattern, other.pattern),
    );
    if (by < 0) continue;
    const message = `every selector of this pattern belongs to the more specific spec.narrowing.selectors[${by}]; change their order, or leave one out`;
    yield { reason: "InvalidSelector", path, message };
  }
}
