import type { Validator } from "./api.ts";
import type { StatusCause } from "./api-error.ts";
import { type JsonObject, objectIn } from "./json.ts";
import type { KubeObject } from "./kube-object.ts";
import { cause, isQualifiedName } from "./validate-metadata.ts";
import { validateBySchema } from "./validate-schema.ts";

/** The rules of the real server: those of a CustomResourceDefinition, or those that are built in. */
export const validateObject: Validator = (type, object, previous) => {
  if (type.custom) return validateBySchema(type, object, previous);
  if (type.kind === "Lease") return validateLease(object);
  if (type.kind === "Event") return validateEvent(object);
  return [];
};

function invalid(field: string, value: unknown, message: string): StatusCause {
  return cause("FieldValueInvalid", field, `Invalid value: ${JSON.stringify(value)}: ${message}`);
}

function validateLease(object: KubeObject): StatusCause[] {
  const spec = objectIn(object, "spec");
  const causes: StatusCause[] = [];
  const { leaseDurationSeconds: seconds, leaseTransitions: transitions } = spec;
  if (seconds !== undefined && !(Number(seconds) > 0)) {
    causes.push(invalid("spec.leaseDurationSeconds", seconds, "must be greater than 0"));
  }
  if (transitions !== undefined && !(Number(transitions) >= 0)) {
    causes.push(invalid("spec.leaseTransitions", transitions, "must be greater than or equal to 0"));
  }
  return causes;
}

/** An event in the new spelling must be complete; one in the old only if it has an eventTime. */
function validateEvent(object: KubeObject): StatusCause[] {
  const isNew = object.apiVersion === "events.k8s.io/v1";
  const regarding = objectIn(object, isNew ? "regarding" : "involvedObject");
  const causes = validateNamespace(object, regarding, isNew);
  if (!isNew && !object.eventTime) return causes;
  const controller = isNew ? "reportingController" : "reportingComponent";
  for (const field of ["eventTime", controller, "reportingInstance", "action", "reason"]) {
    if (!object[field]) causes.push(cause("FieldValueRequired", field, "Required value"));
  }
  if (object[controller] && !isQualifiedName(String(object[controller]))) {
    causes.push(invalid(controller, object[controller], "is no qualified name"));
  }
  if (isNew && object.type !== "Normal" && object.type !== "Warning") {
    causes.push(invalid("type", "", `has invalid value: ${object.type ?? ""}`));
  }
  if (isNew && String(object.note ?? "").length > 1024) {
    causes.push(invalid("message", "", "can have at most 1024 characters"));
  }
  return causes;
}

/** Events on objects without a namespace lie in "default"; the old spelling also checks all others. */
function validateNamespace(object: KubeObject, { namespace }: JsonObject, isNew: boolean): StatusCause[] {
  const fits = namespace
    ? isNew || namespace === object.metadata.namespace
    : object.metadata.namespace === "default";
  if (fits) return [];
  return [invalid("involvedObject.namespace", namespace ?? "", "does not match event.namespace")];
}
