import { admissionLaws } from "./admission-laws.ts";
import { checkLaws } from "./check-laws.ts";

checkLaws(admissionLaws);
