import { CheckRequest } from "../proto/generated/decision.js";
import type { Change } from "./delivery-process.ts";
import {
  BINDINGS_PER_MEMBER,
  environmentName,
  environmentOf,
  memberBindings,
  roleOf,
  teamOf,
  userName,
  type WorldSize,
} from "./world-plan.ts";

/** Who gets a binding for a while. */
export const STRANGER = "nobody@example.com";

/** A binding to give away and back, and a request that is allowed by it alone. Numbers take turns over the organizations. */
export function planChange(size: WorldSize, number: number): { change: Change; request: Buffer } {
  const organization = number % size.organizations;
  const complete = Math.floor(memberBindings(size) / BINDINGS_PER_MEMBER) - 1;
  const any = Math.floor(number / size.organizations) % complete;
  // Members of teams have more than their own bindings; the next one is in none.
  const member = teamOf(any) === undefined ? any : any + 1;
  const binding = [1, 2, 3].find((at) => roleOf(member, at) === "engineer") as number;
  const request = CheckRequest.encode({
    subject: { kind: "User", name: userName(organization, member) },
    permission: "connections:manage",
    scope: `environment/${environmentName(organization, environmentOf(member, binding))}`,
  }).finish();
  return { change: { organization, member, binding }, request };
}
