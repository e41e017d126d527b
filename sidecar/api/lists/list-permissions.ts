import { type HeldPermission, listPermissions } from "../../../engine/enumerate/list-permissions.ts";
import { ListPermissionsResponse } from "../../../proto/generated/decision.js";
import { sidegateService } from "../../../proto/sidegate-service.ts";
import { type List, SOME_PERMISSION } from "./list-door.ts";
import { lengthOfHolding, toHolding } from "./list-holding.ts";
import { completed, refuse } from "./list-request.ts";

/** What a subject may do at a scope. */
export const permissionList: List<HeldPermission> = {
  path: sidegateService.listPermissions.path,
  message: "ListPermissionsRequest",
  complete(query) {
    refuse("permission", query.permission !== "", "permissions");
    return completed(query, { permission: SOME_PERMISSION });
  },
  entries: listPermissions,
  keyOf: ({ permission }) => permission,
  lengthOf: ({ permission, holding }) => permission.length + lengthOfHolding(holding),
  encode(entries, page) {
    const permissions = entries.map(({ permission, holding }) => ({
      permission,
      holding: toHolding(holding),
    }));
    return ListPermissionsResponse.encode({ permissions, ...page }).finish();
  },
};
