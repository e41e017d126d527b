import type { AccessDomainStatus } from "../../engine/model/objects.generated.ts";
import type { DomainProgress } from "./effective.ts";

/** As many laggards as the CRD lets a status hold. */
const LAGGARDS = 20;

/** The part of an AccessDomain's status that says how far its policy has come. */
export function describeDomain(
  revision: string | undefined,
  { live, current, awaited }: DomainProgress,
): Pick<AccessDomainStatus, "revision" | "sidecars" | "laggards"> {
  const laggards = awaited.map((one) => {
    if (!("sidecar" in one)) return { replica: one.replica, state: "Reading" as const };
    const { sidecar, replica, isLost, refused } = one;
    return {
      replica,
      ...(sidecar !== "" && { sidecar }),
      state: isLost
        ? ("Lost" as const)
        : refused === undefined
          ? ("Lagging" as const)
          : ("Refusing" as const),
      ...(refused !== undefined && { refused }),
    };
  });
  laggards.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  return {
    ...(revision && { revision }),
    sidecars: { live, current },
    laggards: laggards.slice(0, LAGGARDS),
  };
}
