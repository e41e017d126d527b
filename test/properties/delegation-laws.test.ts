import { checkLaws } from "./check-laws.ts";
import { delegationLaws } from "./delegation-laws.ts";

checkLaws(delegationLaws);
