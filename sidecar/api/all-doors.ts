import type { CallCounts } from "../metrics/call-counts.ts";
import type { Door } from "./call.ts";
import { canGrantDoor } from "./can-grant.ts";
import { batchCheckDoor } from "./check/batch-check.ts";
import { checkDoor } from "./check/check.ts";
import { explainDoor } from "./explain.ts";
import { type ListTools, listDoor } from "./lists/list-door.ts";
import { grantableList } from "./lists/list-grantable.ts";
import { permissionList } from "./lists/list-permissions.ts";
import { scopeList } from "./lists/list-scopes.ts";
import { subjectList } from "./lists/list-subjects.ts";

/** What the doors use. */
export interface DoorTools extends ListTools {
  /** Undefined: nothing is counted. */
  readonly counts: CallCounts | undefined;
}

/** All doors to some policies. */
export function allDoors(tools: DoorTools): readonly Door[] {
  const { policies, tokens, clock, counts } = tools;
  return [
    checkDoor(policies, tokens, clock, counts?.decided),
    batchCheckDoor(policies, tokens, clock, counts?.decided),
    explainDoor(tools),
    listDoor(permissionList, tools),
    listDoor(subjectList, tools),
    listDoor(scopeList, tools),
    canGrantDoor(tools),
    listDoor(grantableList, tools),
  ];
}
