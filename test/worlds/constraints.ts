import fc, { type Arbitrary } from "fast-check";
import type { AccessConstraint } from "../../engine/model/objects.generated.ts";
import { build } from "./build.ts";
import { GHOST, roles } from "./names.ts";
import { compact, mostly, weighted } from "./often.ts";

const per = mostly(fc.constantFrom("Scope" as const, "Organization" as const), 3);

/** Roles in any order, which counts in an exclusive set; one of them may be missing. */
const set: Arbitrary<string[]> = fc
  .tuple(
    fc.shuffledSubarray<string>([...roles], { minLength: 2, maxLength: 4 }),
    weighted<string | undefined>([12, undefined], [1, GHOST]),
  )
  .map(([chosen, missing]) => (missing === undefined ? chosen : [missing, ...chosen]));

const spec: Arbitrary<AccessConstraint["spec"]> = weighted<AccessConstraint["spec"]>(
  [
    5,
    fc
      .record({
        roles: set,
        per,
        mode: mostly(fc.constantFrom("Static" as const, "Dynamic" as const), 3),
        atMost: weighted<number | undefined>([3, undefined], [1, 1], [2, 2], [1, 3]),
      })
      .map((fields) => ({ separationOfDuty: compact(fields) })),
  ],
  [3, fc.record({ roles: set, per }).map((fields) => ({ exclusive: compact(fields) }))],
  [
    1,
    fc
      .record({
        role: fc.constantFrom(...roles),
        level: fc.constantFrom("Organization" as const, "Environment" as const, "Platform" as const),
        count: fc.constantFrom(1, 2),
      })
      .map((fields) => ({ minHolders: fields })),
  ],
);

export function constraint(name: string): Arbitrary<AccessConstraint> {
  return spec.map((fields) => build("AccessConstraint", name, fields));
}
