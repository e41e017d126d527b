import { decodeJwt } from "jose";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";

/** Characters of a token. Those of Kubernetes have about 1,200. */
const MAX_LENGTH = 8_192;

/** The last second that dates can tell (ECMA-262, 21.4.1.1). */
const LAST_SECOND = 8_640_000_000_000;

/** What a token says of itself, which nobody has verified. */
export interface TokenClaims {
  readonly audiences: readonly string[];
  /** Milliseconds since 1970. */
  readonly expiresAt: number | undefined;
}

/** The token in an `authorization` header. Throws SG2151. */
export function readBearer(headers: readonly (string | Buffer)[]): string {
  const [header] = headers;
  const token = /^Bearer +([\w\-.~+/]+=*)$/i.exec(String(header ?? ""))?.[1];
  if (token === undefined) throw new SidegateError("SG2151", "the stream has no bearer token");
  return token;
}

/** Reads what a token claims. Throws SG2152 for what is no JSON Web Token, as all of service accounts are. */
export function readClaims(token: string): TokenClaims {
  try {
    if (token.length > MAX_LENGTH) throw new RangeError("too long");
    const { aud = [], exp } = decodeJwt(token);
    return {
      audiences: [aud].flat().filter((audience) => typeof audience === "string"),
      expiresAt: typeof exp === "number" && exp >= 0 && exp <= LAST_SECOND ? exp * 1_000 : undefined,
    };
  } catch (error) {
    throw new SidegateError("SG2152", "the token is none of a service account", { cause: error });
  }
}
