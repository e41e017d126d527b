import { checkLaws } from "./check-laws.ts";
import { explanationLaws } from "./explanation-laws.ts";

checkLaws(explanationLaws);
