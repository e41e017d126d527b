import type { Validator } from "./api.ts";
import type { StatusCause } from "./api-error.ts";
import { isObject, type JsonObject, objectIn } from "./json.ts";
import type { KubeObject } from "./kube-object.ts";
import { cause } from "./validate-metadata.ts";
import { validateBySchema } from "./validate-schema.ts";

/** The rules of the real server: those of a CustomResourceDefinition, or those that are built in. */
export const validateObject: Validator = (type, object, previous) => {
  if (type.custom) return validateBySchema(type, object, previous);
  if (type.kind === "Lease") return validateLease(object);
  if (type.kind === "Event") return validateEvent(object);
  return [];
};

const MICRO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

function invalid(field: string, value: unknown, message: string): StatusCause {
  return cause("FieldValueInvalid", field, `Invalid value: ${JSON.stringify(value)}: ${message}`);
}

function required(field: string): StatusCause {
  return cause("FieldValueRequired", field, "Required value");
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
  for (const field of ["acquireTime", "renewTime"]) {
    const time = spec[field];
    if (time !== undefined && time !== null && !MICRO_TIME.test(String(time))) {
      causes.push(invalid(`spec.${field}`, time, "is no time with microseconds"));
    }
  }
  return causes;
}

/** Events with an eventTime obey the rules of events.k8s.io, whichever way they came. */
function validateEvent(object: KubeObject): StatusCause[] {
  const regarding = isObject(object.regarding) ? object.regarding : objectIn(object, "involvedObject");
  const causes = validateNamespace(object, regarding);
  const isNew = object.apiVersion === "events.k8s.io/v1";
  if (!isNew && (object.eventTime === undefined || object.eventTime === null)) return causes;
  const controller = isNew ? "reportingController" : "reportingComponent";
  for (const field of ["eventTime", controller, "reportingInstance", "action", "reason"]) {
    if (!object[field]) causes.push(required(field));
  }
  if (object.type !== "Normal" && object.type !== "Warning") {
    causes.push(invalid("type", object.type ?? "", 'has invalid value: must be "Normal" or "Warning"'));
  }
  return causes;
}

function validateNamespace(object: KubeObject, regarding: JsonObject): StatusCause[] {
  const expected = regarding.namespace || "default";
  if (expected === object.metadata.namespace) return [];
  return [invalid("involvedObject.namespace", regarding.namespace ?? "", "does not match event.namespace")];
}
