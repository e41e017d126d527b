import { SidegateError } from "../engine/errors/sidegate-error.ts";

/** Where a server listens: a Unix socket, whose file gets `mode`, or a TCP port (0: any free one). */
export type Address =
  | { readonly path: string; readonly mode: number }
  | { readonly host: string; readonly port: number };

/** Permissions of a socket's file: for its owner alone, or for any user, as the containers of one pod often are. */
export const socketModes = { owner: 0o600, anyone: 0o666 } as const;

/**
 * Reads an address to listen at: "unix:PATH", "HOST:PORT", "[::1]:PORT" or ":PORT" for all interfaces; port 0 is any free
 * one. Throws SG3103.
 */
export function parseAddress(text: string, socketMode: number): Address {
  const path = /^unix:(?:\/\/(?=\/))?(.+)$/.exec(text)?.[1];
  if (path !== undefined) return { path, mode: socketMode };
  const [, bracketed, plain = "", digits = ""] =
    /^(?:\[([^[\]]+)\]|([^:[\]]*)):([0-9]{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (digits === "" || port > 65_535)
    throw new SidegateError("SG3103", `${JSON.stringify(text)} is no address`);
  return { host: bracketed ?? (plain === "" ? "::" : plain), port };
}

/** An address as gRPC clients take it: "unix:/run/sidegate/sidegate.sock", "127.0.0.1:7430", "[::1]:7430". */
export function formatAddress(address: Address): string {
  if ("path" in address) return `unix:${address.path}`;
  return address.host.includes(":") ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`;
}
