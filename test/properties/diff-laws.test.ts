import { checkLaws } from "./check-laws.ts";
import { diffLaws } from "./diff-laws.ts";

checkLaws(diffLaws);
