import { checkLaws } from "./check-laws.ts";
import { disclosureLaws } from "./disclosure-laws.ts";

checkLaws(disclosureLaws);
