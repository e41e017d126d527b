import fc, { type Arbitrary } from "fast-check";

/** A choice with weights that shrinks towards its first entry, which therefore is the plainest. */
export function weighted<T>(
  ...choices: readonly (readonly [weight: number, choice: T | Arbitrary<T>])[]
): Arbitrary<T> {
  const arbitraries = choices.map(([weight, choice]) => ({
    weight,
    arbitrary: choice instanceof fc.Arbitrary ? choice : fc.constant(choice),
  }));
  return fc.oneof({ withCrossShrink: true }, ...arbitraries);
}

/** A value that is absent in one of `oneIn` cases. */
export function mostly<T>(arbitrary: Arbitrary<T>, oneIn: number): Arbitrary<T | undefined> {
  return fc.tuple(lot(oneIn), arbitrary).map(([drawn, value]) => (drawn === 0 ? undefined : value));
}

/** A value that is there in one of `oneIn` cases. */
export function seldom<T>(arbitrary: Arbitrary<T>, oneIn: number): Arbitrary<T | undefined> {
  return fc.tuple(lot(oneIn), arbitrary).map(([drawn, value]) => (drawn === oneIn - 1 ? value : undefined));
}

/**
 * A number below `oneIn`. Drawn apart from the value, so that shrinking tries absence again and again; `fc.option` tries it
 * no more once it made the value itself smaller.
 */
function lot(oneIn: number): Arbitrary<number> {
  return fc.noBias(fc.nat({ max: oneIn - 1 }));
}

/** Drops the fields that are undefined, since `exactOptionalPropertyTypes` tells them from absent ones. */
export function compact<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
