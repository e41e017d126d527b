import type { SidegateClientOptions } from "./options.ts";

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The options with what injection has set in the pod for those that are left out. For another address than the pod's nothing
 * is taken from there: a token must not go to whoever listens elsewhere.
 */
export function withEnvironment(
  { address, domain, tokenFile }: SidegateClientOptions,
  { SIDEGATE_ADDRESS, SIDEGATE_DOMAIN, SIDEGATE_TOKEN_FILE }: Environment,
): SidegateClientOptions {
  if (address !== undefined && address !== SIDEGATE_ADDRESS) return { address, domain, tokenFile };
  return {
    address: SIDEGATE_ADDRESS,
    domain: domain ?? SIDEGATE_DOMAIN,
    tokenFile: tokenFile ?? SIDEGATE_TOKEN_FILE,
  };
}
