import type { AdmissionResponse } from "./review.ts";

/**
 * Characters of the message of a denial. The API sets no limit, but clients show it on a terminal, and audit logs and
 * controllers keep it in statuses.
 */
const MAX_MESSAGE = 4096;
/** Characters of a warning, and of all of them together, beyond which the API server cuts them. */
const MAX_WARNING = 256;
const MAX_WARNINGS = 4096;

/** Writes the AdmissionReview that answers a request. */
export function writeReview(uid: string, { denial, warnings, patch }: AdmissionResponse): string {
  const shown = fitWarnings(warnings ?? []);
  return JSON.stringify({
    apiVersion: "admission.k8s.io/v1",
    kind: "AdmissionReview",
    response: {
      uid,
      allowed: denial === undefined,
      ...(denial && {
        status: {
          status: "Failure",
          code: denial.code,
          reason: denial.reason,
          message: cut(denial.message, MAX_MESSAGE),
        },
      }),
      ...(shown.length > 0 && { warnings: shown }),
      ...(denial === undefined &&
        patch !== undefined &&
        patch.length > 0 && {
          patchType: "JSONPatch",
          patch: Buffer.from(JSON.stringify(patch), "utf8").toString("base64"),
        }),
    },
  });
}

/** As many warnings as the API server shows whole, and how many there are besides. */
function fitWarnings(warnings: readonly string[]): string[] {
  const shown: string[] = [];
  let length = 0;
  for (const warning of warnings) {
    const line = cut(plain(warning), MAX_WARNING);
    if (length + line.length > MAX_WARNINGS - MAX_WARNING) {
      shown.push(`and ${warnings.length - shown.length} more warnings`);
      break;
    }
    shown.push(line);
    length += line.length;
  }
  return shown;
}

/** Warnings travel in headers of HTTP, which have no line breaks. */
function plain(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ");
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 3)}...`;
}
