import type { AccessDomain } from "./objects.generated.ts";

/** The name that the one AccessDomain of a domain must bear; others count for nothing. */
export const DOMAIN_NAME = "default";

export interface DomainSettings {
  readonly membership: "Required" | "Optional";
  readonly staleness: { readonly maxSeconds: number; readonly then: "Deny" | "Error" };
  readonly epoch: number;
  readonly defaultRoles: readonly {
    readonly role: string;
    readonly environmentTypes?: readonly string[] | undefined;
  }[];
}

/** The settings of a domain, with the documented defaults where it has no AccessDomain or leaves something out. */
export function domainSettings(domain: AccessDomain | undefined): DomainSettings {
  const spec = domain?.spec;
  return {
    membership: spec?.membership ?? "Required",
    staleness: { maxSeconds: spec?.staleness?.maxSeconds ?? 300, then: spec?.staleness?.then ?? "Deny" },
    epoch: spec?.epoch ?? 0,
    defaultRoles: spec?.defaultRoles ?? [],
  };
}
