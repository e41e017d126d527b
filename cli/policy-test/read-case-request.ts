import { pino } from "pino";
import { TokenVerifier } from "../../sidecar/token/token-verifier.ts";
import type { ToRequest } from "./case-asker.ts";

/** Makes decision requests of cases, with tokens verified as a sidecar verifies them. */
export function createCaseReader(): ToRequest {
  const verifier = new TokenVerifier(pino({ level: "silent" }));
  return async ({ model }, { token, ...request }, now) => {
    if (token === undefined) return request;
    return { ...request, token: await verifier.verify(model.tokenPolicies, token.text, now) };
  };
}
