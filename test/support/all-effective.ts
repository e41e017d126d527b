/** Changes that are effective as soon as they are made. */
export const allEffective = {
  of: () => ({ isEffective: true, hasSidecars: false }) as const,
  restart: () => {},
  withdraw: () => {},
  whenEffective: (_domain: string, then: () => void) => then(),
  progressOf: () => ({ live: 0, current: 0, awaited: [] }),
};
