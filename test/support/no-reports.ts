/** Constraints that have nothing to say. */
export const noReports = {
  policyOf: () => undefined,
  reportOf: () => ({ voided: [], shortages: [], yielding: [] }),
  isSettled: () => true,
};
