import { checkLaws } from "./check-laws.ts";
import { coverageLaws, roleEditLaws } from "./coverage-laws.ts";

checkLaws([...coverageLaws, ...roleEditLaws]);
