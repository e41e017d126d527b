import type { Check } from "../../client/check.ts";
import type { Asker } from "./read-asker.ts";

/** What a check for a sidecar says of who asks and under what circumstances. */
export function sidecarQuestion(
  asker: Asker,
): Pick<Check, "subject" | "resource" | "activeRoles" | "context" | "token"> {
  const { subject, group, subjectAttribute, resource, resourceAttribute, role, context, token } = asker;
  return {
    ...(subject && {
      subject: {
        ...subject,
        ...(group && { groups: group }),
        ...(subjectAttribute && { attributes: subjectAttribute }),
      },
    }),
    ...((resource !== undefined || resourceAttribute) && {
      resource: {
        ...(resource !== undefined && { name: resource }),
        ...(resourceAttribute && { attributes: resourceAttribute }),
      },
    }),
    ...(role && { activeRoles: role }),
    ...(context && { context }),
    ...(token !== undefined && { token }),
  };
}
