import { checkLaws } from "./check-laws.ts";
import { onDemandLaws } from "./on-demand-laws.ts";

checkLaws(onDemandLaws);
