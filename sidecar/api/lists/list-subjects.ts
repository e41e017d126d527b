import { listSubjects } from "../../../engine/enumerate/list-subjects.ts";
import type { HoldingSubject } from "../../../engine/enumerate/subject-judge.ts";
import { ListSubjectsResponse } from "../../../proto/generated/decision.js";
import { sidegateService } from "../../../proto/sidegate-service.ts";
import type { List } from "./list-door.ts";
import { lengthOfHolding, toHolding } from "./list-holding.ts";
import { completed, refuse } from "./list-request.ts";

/** Who has a permission at a scope. */
export const subjectList: List<HoldingSubject> = {
  path: sidegateService.listSubjects.path,
  message: "ListSubjectsRequest",
  complete(query) {
    refuse("subject", query.subject !== null, "subjects");
    refuse("token", query.token !== "", "subjects");
    return completed(query, { subject: SOMEBODY });
  },
  entries: listSubjects,
  keyOf: ({ key }) => key,
  lengthOf: ({ name, holding }) => name.length + lengthOfHolding(holding),
  encode(entries, page) {
    const subjects = entries.map(({ kind, name, holding }) => ({ kind, name, holding: toHolding(holding) }));
    return ListSubjectsResponse.encode({ subjects, ...page }).finish();
  },
};

const SOMEBODY = { kind: "User", name: "somebody", groups: [], attributes: null };
