import { type Grantable, listGrantable } from "../../../engine/delegate/list-grantable.ts";
import { ListGrantableResponse } from "../../../proto/generated/decision.js";
import { sidegateService } from "../../../proto/sidegate-service.ts";
import { type List, SOME_PERMISSION } from "./list-door.ts";
import { completed, refuse } from "./list-request.ts";

/** The roles that an actor may give or take at a scope and below. */
export const grantableList: List<Grantable> = {
  path: sidegateService.listGrantable.path,
  message: "ListGrantableRequest",
  complete(query) {
    refuse("permission", query.permission !== "", "grantable roles");
    return completed(query, { permission: SOME_PERMISSION });
  },
  entries: listGrantable,
  keyOf: ({ key }) => key,
  lengthOf: ({ scope, role }) => scope.length + role.length,
  encode(entries, { nextPageToken, revision }) {
    const grantable = entries.map(({ scope, role, give, take }) => ({ scope, role, give, take }));
    return ListGrantableResponse.encode({ grantable, nextPageToken, revision }).finish();
  },
};
