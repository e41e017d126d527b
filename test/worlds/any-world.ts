import fc, { type Arbitrary } from "fast-check";
import { conditionalWorld } from "./conditional-world.ts";
import { constrainedWorld } from "./constrained-world.ts";
import { narrowedWorld } from "./narrowed-world.ts";
import { tangledWorld } from "./tangled-world.ts";
import { type WorldObjects, world } from "./world.ts";

/** All sorts of worlds. */
export const anyWorld: Arbitrary<WorldObjects> = fc.oneof(
  world,
  tangledWorld,
  constrainedWorld,
  conditionalWorld,
  narrowedWorld,
);
