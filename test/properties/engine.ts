import type { CompiledPolicy } from "../../engine/compile/compiled-policy.ts";
import { DomainCompiler } from "../../engine/compile/domain-compiler.ts";
import { decide } from "../../engine/decide/decide.ts";
import type { DecisionRequest } from "../../engine/decide/request.ts";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import { loadCompiled } from "../../engine/policy/load-compiled.ts";
import type { Policy } from "../../engine/policy/policy.ts";
import { readClaims } from "../../engine/token/read-claims.ts";
import { invalidToken, type TokenEvidence } from "../../engine/token/token-evidence.ts";
import type { OracleDecision } from "../oracle/decide.ts";
import type { OracleRequest, PresentedToken } from "../oracle/request.ts";
import { DOMAIN } from "../worlds/build.ts";

/** Anything that answers requests about one world: the engine or the oracle. */
export interface Evaluator {
  decide(request: OracleRequest, now: number): OracleDecision;
}

/** Compiles objects from nothing. */
export function compile(objects: readonly SidegateObject[]): CompiledPolicy {
  const compiler = new DomainCompiler(DOMAIN);
  for (const object of objects) compiler.put(object);
  return compiler.compile({});
}

/** The engine from end to end: compiled, loaded, deciding. */
export function createEngine(objects: readonly SidegateObject[]): Evaluator {
  return engineOf(loadCompiled(compile(objects)));
}

/** The answers of a loaded policy, without the texts for people. */
export function engineOf(policy: Policy): Evaluator {
  return {
    decide(request, now) {
      const { outcome, disclosure, level } = decide(policy, toDecisionRequest(policy, request, now), now);
      return { outcome, disclosure, level };
    },
  };
}

/** The request as a door hands it to the engine: with what its token proves. */
export function toDecisionRequest(
  policy: Policy,
  { token, ...request }: OracleRequest,
  now: number,
): DecisionRequest {
  return token === undefined ? request : { ...request, token: toEvidence(policy, token, now) };
}

function toEvidence(policy: Policy, { claims }: PresentedToken, now: number): TokenEvidence {
  if (claims === undefined) return invalidToken("the signature is not good");
  return readClaims(policy.model.tokenPolicies, claims, now);
}
