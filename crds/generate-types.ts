import { writeFileSync } from "node:fs";
import { emitTypes } from "./emit-types.ts";
import { readCrds, readOperatorsCrds } from "./read-crds.ts";

// Makes all that is generated from crds/*.yaml: the types of the objects, and the definitions as JSON.
const crds = readCrds();
writeFileSync(new URL("../engine/model/objects.generated.ts", import.meta.url), emitTypes(crds));
writeFileSync(new URL("generated/definitions.json", import.meta.url), `${JSON.stringify(crds)}\n`);
writeFileSync(
  new URL("generated/operators-definitions.json", import.meta.url),
  `${JSON.stringify(readOperatorsCrds())}\n`,
);
