import { admissionErrors } from "./admission.ts";
import { callerErrors } from "./callers.ts";
import { cliErrors } from "./cli.ts";
import type { ErrorDefinition } from "./define.ts";
import { deliveryErrors } from "./delivery.ts";
import { folderErrors } from "./folder.ts";
import { identityErrors } from "./identity.ts";
import { injectionErrors } from "./injection.ts";
import { kubernetesErrors } from "./kubernetes.ts";
import { manifestErrors } from "./manifest.ts";
import { requestErrors } from "./request.ts";

/** Every error that Sidegate reports, by code. docs/reference/errors.md is generated from it. */
export const errors = {
  ...manifestErrors,
  ...folderErrors,
  ...deliveryErrors,
  ...identityErrors,
  ...requestErrors,
  ...callerErrors,
  ...kubernetesErrors,
  ...admissionErrors,
  ...injectionErrors,
  ...cliErrors,
} as const satisfies Record<string, ErrorDefinition>;

export type ErrorCode = keyof typeof errors;
