import { writeFileSync } from "node:fs";
import { emitTypes } from "./emit-types.ts";
import { readCrds } from "./read-crds.ts";

writeFileSync(new URL("../engine/model/objects.generated.ts", import.meta.url), emitTypes(readCrds()));
