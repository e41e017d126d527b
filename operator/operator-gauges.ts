import type { Caretaker } from "./caretaker.ts";
import type { Domains } from "./domains.ts";
import type { Fleet } from "./fleet/fleet.ts";
import type { Part } from "./replica.ts";
import type { VouchedBook } from "./vouched-book.ts";

/** What an operator tells of itself in numbers, by name in Prometheus' spelling; its parts add theirs. */
export function operatorGauges(operator: {
  readonly domains: Pick<Domains, "names" | "isFailed">;
  readonly fleet: Pick<Fleet, "size">;
  readonly isReady: () => boolean;
  readonly vouched: Pick<VouchedBook, "ageMs">;
  readonly caretaker: Pick<Caretaker, "pending"> | undefined;
  readonly parts: readonly Part[];
}): () => Readonly<Record<string, number>> {
  const { domains, fleet, isReady, vouched, caretaker, parts } = operator;
  return () => ({
    sidegate_operator_ready: isReady() ? 1 : 0,
    sidegate_operator_domains: [...domains.names()].length,
    sidegate_operator_domains_failed: [...domains.names()].filter((domain) => domains.isFailed(domain))
      .length,
    sidegate_operator_policy_age_seconds: vouched.ageMs / 1000,
    sidegate_operator_sidecars: fleet.size,
    sidegate_operator_reconcile_pending: caretaker?.pending ?? 0,
    ...Object.assign({}, ...parts.map((part) => part.gauges?.() ?? {})),
  });
}
