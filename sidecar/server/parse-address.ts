import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import type { Address } from "./listen.ts";

/** Any user of the pod may ask: containers in one pod run as different users. */
const SOCKET_MODE = 0o666;

/**
 * Reads an address to listen at: "unix:PATH", "HOST:PORT", "[::1]:PORT" or ":PORT" for all interfaces; port 0 is any free
 * one. Throws SG3103.
 *
 * @param socketMode permissions of a socket's file
 */
export function parseAddress(text: string, socketMode = SOCKET_MODE): Address {
  const path = /^unix:(?:\/\/(?=\/))?(.+)$/.exec(text)?.[1];
  if (path !== undefined) return { path, mode: socketMode };
  const [, bracketed, plain = "", digits = ""] =
    /^(?:\[([^[\]]+)\]|([^:[\]]*)):([0-9]{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (digits === "" || port > 65_535)
    throw new SidegateError("SG3103", `${JSON.stringify(text)} is no address`);
  return { host: bracketed ?? (plain === "" ? "::" : plain), port };
}
