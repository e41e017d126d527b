import { isJsonObject, type JsonObject, type JsonValue } from "../../engine/model/json.ts";
import type { KeyHint } from "../../engine/token/select-key.ts";

/** What a token says of itself, before anything of it is proven. */
export interface UnprovenToken {
  readonly hint: KeyHint;
  readonly claims: JsonObject;
}

const BASE64URL = /^[A-Za-z0-9_-]*$/;
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Takes a signed token apart: the compact form of a JSON Web Signature (RFC 7515, 7.1) over claims. Of the header only `alg`
 * and `kid` are read; keys and addresses of keys in it (`jwk`, `jku`, `x5c`, `x5u`) are not looked at.
 *
 * @returns or what is wrong with it, as a sentence without full stop and without its text
 */
export function readToken(text: string): UnprovenToken | string {
  const parts = text.split(".", 6);
  if (parts.length === 5) return "the token is encrypted; only signed ones are taken";
  if (parts.length !== 3) return "the token is no signed JSON Web Token: it has not three parts";
  if (!parts.every((part) => BASE64URL.test(part))) return "the token has a part that is no base64url";
  const [header, claims] = [decode(parts[0] as string), decode(parts[1] as string)];
  if (!isJsonObject(header)) return "the token's header is no JSON object";
  if (!isJsonObject(claims)) return "the token's claims are no JSON object";
  const alg = own(header, "alg");
  const kid = own(header, "kid");
  if (typeof alg !== "string") return "the token's header names no algorithm";
  if (kid !== undefined && typeof kid !== "string") return "the token's header has a key id that is no text";
  // RFC 7515, 4.1.11: who does not understand an extension that is critical must refuse. None is understood.
  if (Object.hasOwn(header, "crit")) return "the token's header has critical extensions";
  return { hint: { alg, kid }, claims };
}

function decode(part: string): JsonValue | undefined {
  try {
    return JSON.parse(utf8.decode(Buffer.from(part, "base64url"))) as JsonValue;
  } catch {
    return undefined;
  }
}

function own(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
