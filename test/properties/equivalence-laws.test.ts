import { checkLaws } from "./check-laws.ts";
import { equivalenceLaws } from "./equivalence-laws.ts";

checkLaws(equivalenceLaws);
