import type { Logger } from "pino";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import type { OperatorAccess } from "../../sidecar/delivery/operator-access.ts";
import type { PolicyKeys } from "../../sidecar/follower.ts";
import { openPolicyKeyFile } from "../../sidecar/trust/policy-key-file.ts";
import type { CliContext } from "../cli-context.ts";

/** How a command was told to know the operator. */
export interface AccessOptions {
  readonly ca?: string;
  readonly serverName?: string;
  readonly tokenFile?: string;
  readonly policyKeys?: string;
}

/** How the operator is known and who asks. Throws SG5001 for secrets without encryption. */
export function readAccess({ ca, serverName, tokenFile }: AccessOptions): OperatorAccess {
  if (ca === undefined && (tokenFile ?? serverName) !== undefined) {
    const text = "--token-file and --server-name need --ca: nothing secret is sent in plain text";
    throw new SidegateError("SG5001", text);
  }
  return { ca, serverName, tokenFile };
}

/** Does something with the keys that policies must be signed by, if there are to be any, and lets them go after it. */
export async function withPolicyKeys<T>(
  { policyKeys: path }: AccessOptions,
  { clock }: CliContext,
  logger: Logger,
  work: (keys: PolicyKeys | undefined) => Promise<T>,
): Promise<T> {
  const file = path === undefined ? undefined : openPolicyKeyFile({ path, clock, logger });
  try {
    return await work(file);
  } finally {
    file?.stop();
  }
}
