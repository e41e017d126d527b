import type { CustomResourceDefinition } from "../engine/validate/custom-resource-definition.ts";
import definitions from "./generated/definitions.json" with { type: "json" };
import operatorsDefinitions from "./generated/operators-definitions.json" with { type: "json" };

/**
 * The CustomResourceDefinitions of all kinds, for `createManifestValidator`. They are what crds/*.yaml says, in the form that
 * is read fastest: parsing the YAML would add a quarter of a second to each start.
 */
export const crds = definitions as unknown as readonly CustomResourceDefinition[];

/** Those of what the operator writes for itself; a cluster needs them besides. */
export const operatorsCrds = operatorsDefinitions as unknown as readonly CustomResourceDefinition[];
