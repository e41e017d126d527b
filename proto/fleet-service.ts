import { ListSidecarsRequest, SidecarState } from "./generated/fleet.js";
import { method } from "./method.ts";

/** The methods of sidegate.v1.Fleet. */
export const fleetService = {
  listSidecars: method("/sidegate.v1.Fleet/ListSidecars", ListSidecarsRequest, SidecarState, {
    response: true,
  }),
} as const;
