import type { JsonObject } from "../model/json.ts";
import { type LoadedCatalog, setBit } from "../policy/loaded-catalog.ts";
import { Narrower } from "../token/narrower.ts";
import type { ValidToken } from "../token/token-evidence.ts";

/** What a token leaves its bearer of all permissions on a resource, of which some attributes may be known. */
export class TokenReach {
  /** Mask of what it leaves whatever the other attributes are. */
  readonly certain: Uint32Array;
  /** Mask of what it leaves for some. */
  readonly possible: Uint32Array;
  /** The first instant at which it is no longer valid, in milliseconds since 1970; Infinity: there is none. */
  readonly ends: number;
  readonly #narrower: Narrower;
  readonly #attributes: JsonObject | undefined;

  /** @param attributes of the resource, as far as the request sends them */
  constructor(token: ValidToken, catalog: LoadedCatalog, attributes: JsonObject | undefined) {
    this.#attributes = attributes;
    this.certain = new Uint32Array(catalog.words);
    this.possible = new Uint32Array(catalog.words);
    this.ends = endOf(token);
    this.#narrower = new Narrower(token.narrowing, catalog);
    for (const [, permission] of catalog.permissions) {
      const isKept = this.#narrower.keeps(permission, attributes);
      if (isKept) setBit(this.certain, 0, permission);
      if (isKept || this.attributesOf(permission).length > 0) setBit(this.possible, 0, permission);
    }
  }

  /** The attributes that a permission hangs on; none if the token leaves it, or never does. */
  attributesOf(permission: number): readonly string[] {
    return this.#narrower.dependsOn(permission, this.#attributes);
  }
}

function endOf({ claims }: ValidToken): number {
  const { exp } = claims as { readonly exp?: number };
  return exp !== undefined && Object.hasOwn(claims, "exp") ? Math.ceil(exp * 1000) : Number.POSITIVE_INFINITY;
}
