import { checkLaws } from "./check-laws.ts";
import { monotonyLaws } from "./monotony-laws.ts";

checkLaws(monotonyLaws);
