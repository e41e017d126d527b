import type { Authority, AuthorityState } from "./authority-state.ts";
import { planSteps, type Span } from "./generations.ts";
import { authoritySchedule, BACKDATED_MS, signingSchedule } from "./schedules.ts";
import { makeSigningKey } from "./signing-key.ts";
import { makeAuthority } from "./x509.ts";

/** What a look at the clock led to. */
export interface Rotation {
  /** The same object where nothing is to be changed. */
  readonly state: AuthorityState;
  /** When to look again, in milliseconds since 1970. */
  readonly nextAt: number;
}

export const NOTHING: AuthorityState = { authorities: [], signingKeys: [] };

/** Does what the clock asks for: makes keys that are due and leaves out what is over. */
export async function rotate(state: AuthorityState, now: number): Promise<Rotation> {
  const certificates = planSteps(state.authorities, now, authoritySchedule);
  const signing = planSteps(state.signingKeys, now, signingSchedule);
  const authorities =
    certificates.add === undefined
      ? certificates.keep
      : [...certificates.keep, await newAuthority(certificates.add)];
  const signingKeys =
    signing.add === undefined ? signing.keep : [...signing.keep, { ...makeSigningKey(), ...signing.add }];
  const isSame = authorities === state.authorities && signingKeys === state.signingKeys;
  return {
    state: isSame ? state : { authorities, signingKeys },
    nextAt: Math.min(certificates.nextAt, signing.nextAt),
  };
}

async function newAuthority(span: Span): Promise<Authority> {
  const id = Buffer.from(crypto.getRandomValues(new Uint8Array(8))).toString("hex");
  const validity = { notBefore: span.announcedAt - BACKDATED_MS, notAfter: span.expiresAt };
  return { id, ...span, ...(await makeAuthority(`Sidegate authority ${id}`, validity)) };
}
