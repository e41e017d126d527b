import { crds } from "../../crds/definitions.ts";
import { formatProblem } from "../../engine/validate/manifest-problem.ts";
import { createManifestValidator } from "../../engine/validate/manifest-validator.ts";
import { describeManifests } from "./manifest-suite.ts";

const validator = createManifestValidator(crds);

describeManifests("offline validation", (manifest, old) => {
  const before = old && validator.check(old).object;
  if (old !== undefined && before === undefined) throw new Error("The object before the change is not valid");
  const { object, problems } = validator.check(manifest, before);
  if (object !== undefined) return { accepted: true, spec: object.spec };
  return { accepted: false, message: problems.map(formatProblem).join("\n") };
});
