import { checkLaws } from "./check-laws.ts";
import { coverageLaws } from "./coverage-laws.ts";

checkLaws(coverageLaws);
