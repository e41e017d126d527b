/**
 * What may be encoded as a `T`: fields that are left out, undefined or null have their default.
 */
export type Input<T> = T extends Uint8Array | string | number | boolean
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Input<Item>[]
    : { readonly [Key in keyof T]?: Input<T[Key]> | null | undefined };

/** The codec of one message type, as generated. */
export interface MessageType<T> {
  /** Plain objects will do. Throws a TypeError when a field has a value of another type. */
  encode(message: Input<T>): { finish(): Buffer };

  /**
   * Bytes fields of the result are views of `bytes`. Unknown fields are dropped. Throws on malformed input, invalid
   * UTF-8 and nesting deeper than 100.
   */
  decode(bytes: Uint8Array): T;
}
