import { type HeldScope, listScopes } from "../../../engine/enumerate/list-scopes.ts";
import { ListScopesResponse } from "../../../proto/generated/decision.js";
import { sidegateService } from "../../../proto/sidegate-service.ts";
import { type List, SOME_PERMISSION } from "./list-door.ts";
import { lengthOfHolding, toHolding } from "./list-holding.ts";
import { completed, refuse } from "./list-request.ts";

/** Where a subject has a permission, or any. */
export const scopeList: List<HeldScope> = {
  path: sidegateService.listScopes.path,
  message: "ListScopesRequest",
  complete(query) {
    refuse("scope", query.scope !== "", "scopes");
    return completed(query, { permission: query.permission || SOME_PERMISSION, scope: "platform" });
  },
  entries: listScopes,
  keyOf: ({ key }) => key,
  lengthOf: ({ scope, holding }) => scope.length + lengthOfHolding(holding),
  encode(entries, page) {
    const scopes = entries.map(({ scope, holding }) => ({ scope, holding: toHolding(holding) }));
    return ListScopesResponse.encode({ scopes, ...page }).finish();
  },
};
