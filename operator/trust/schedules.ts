import type { Schedule } from "./generations.ts";

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

/** How long a replica's own certificate is good for, in milliseconds. */
export const LEAF_MS = DAY_MS;
/** Certificates begin so long before they are made, for peers whose clocks are behind, in milliseconds. */
export const BACKDATED_MS = HOUR_MS;

/** Of certificate authorities. */
export const authoritySchedule: Schedule = {
  announceMs: 7 * DAY_MS,
  activeMs: 180 * DAY_MS,
  retainMs: 30 * DAY_MS,
  signedMs: LEAF_MS,
};

/**
 * Of the keys that sign policies. What they sign is in use until the staleness bound of a domain, which may be long; but
 * then only where a sidecar hears nothing, and the last word that it heard counts.
 */
export const signingSchedule: Schedule = {
  announceMs: DAY_MS,
  activeMs: 30 * DAY_MS,
  retainMs: 7 * DAY_MS,
  signedMs: 0,
};
