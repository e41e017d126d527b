/**
 * The JSON of answers, read without a cast at each step: what is not there is undefined, and a wrong path fails at the
 * expectation that names it.
 */
export interface Json {
  readonly [field: string]: Json;
  readonly [index: number]: Json;
}

export function listOf(value: Json | undefined): Json[] {
  if (!Array.isArray(value)) throw new Error(`${JSON.stringify(value)} is no list`);
  return value;
}

/** The items of a list of objects. */
export function itemsOf(list: Json): Json[] {
  return listOf(list.items);
}

/** What a Status says is wrong, field by field. */
export function causesOf(status: Json): Json[] {
  return listOf(status.details?.causes);
}

/** The names of the objects in a list, in its order. */
export function namesIn(list: Json): string[] {
  return itemsOf(list).map((item) => String(item.metadata?.name));
}

export function textOf(value: Json | undefined): string {
  if (typeof value !== "string") throw new Error(`${JSON.stringify(value)} is no text`);
  return value;
}

/** The resourceVersion of an object or a list, which the operator compares as a number. */
export function revisionOf(object: Json): bigint {
  return BigInt(textOf(object.metadata?.resourceVersion));
}
