import { checkLaws } from "./check-laws.ts";
import { requestLaws } from "./request-laws.ts";

checkLaws(requestLaws);
