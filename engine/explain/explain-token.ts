import type { DecisionRequest } from "../decide/request.ts";
import { quote } from "../model/quote.ts";
import type { Policy } from "../policy/policy.ts";
import { isTokenOf } from "../token/is-token-of.ts";
import { Narrower } from "../token/narrower.ts";

/**
 * What a request's token does, as sentences for the operator: why it is not valid, or which selector decides and which entries
 * have no effect. It names selectors, and never a value of a claim. Empty: the request has no token.
 */
export function explainToken({ model }: Policy, request: DecisionRequest): string {
  const { token } = request;
  if (token === undefined) return "";
  if (!token.valid) return token.detail;
  if (!isTokenOf(token, request)) return "the request names another subject than the token";
  const permission = model.catalog.find(request.permission);
  const narrower = new Narrower(token.narrowing, model.catalog);
  return [
    `it is of TokenPolicy ${quote(token.policy)}`,
    ...(permission === undefined ? [] : [narrower.explain(permission, request.resourceAttributes)]),
    ...narrower.unknownPermissions,
  ].join("; ");
}
