import { checkLaws } from "./check-laws.ts";
import { compileLaws } from "./compile-laws.ts";

checkLaws(compileLaws);
