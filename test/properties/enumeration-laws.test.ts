import { checkLaws } from "./check-laws.ts";
import { enumerationLaws } from "./enumeration-laws.ts";

checkLaws(enumerationLaws);
