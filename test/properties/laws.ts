import { admissionLaws } from "./admission-laws.ts";
import { compileLaws } from "./compile-laws.ts";
import { coverageLaws, roleEditLaws } from "./coverage-laws.ts";
import { delegationLaws } from "./delegation-laws.ts";
import { diffLaws } from "./diff-laws.ts";
import { disclosureLaws } from "./disclosure-laws.ts";
import { enumerationLaws } from "./enumeration-laws.ts";
import { equivalenceLaws } from "./equivalence-laws.ts";
import { explanationLaws } from "./explanation-laws.ts";
import type { Law } from "./law.ts";
import { monotonyLaws } from "./monotony-laws.ts";
import { onDemandLaws } from "./on-demand-laws.ts";
import { requestLaws } from "./request-laws.ts";

/** Every law of this folder, for long-run.ts. */
export const laws: readonly Law[] = [
  ...equivalenceLaws,
  ...monotonyLaws,
  ...disclosureLaws,
  ...requestLaws,
  ...compileLaws,
  ...delegationLaws,
  ...admissionLaws,
  ...coverageLaws,
  ...roleEditLaws,
  ...enumerationLaws,
  ...explanationLaws,
  ...diffLaws,
  ...onDemandLaws,
];
