import type { Environment } from "@marcbachmann/cel-js";
import { conditionLimits } from "../model/condition-limits.ts";
import { createEnvironment } from "./cel/environment.ts";
import type { ReadVariable } from "./cel/run.ts";
import { Failure, Timestamp, type Value } from "./cel/value.ts";
import type { ConditionFacts } from "./condition-facts.ts";

/** Anything may be below it; only an evaluation tells. */
const dynamic = "map<string, dyn>";
const strings = "map<string, string>";

/** The fields of the variables that have fixed ones. Stored attributes are strings. */
const fields: { readonly [variable: string]: { readonly [field: string]: string } } = {
  subject: { kind: "string", name: "string", groups: "list<string>", attributes: dynamic },
  resource: { type: "string", name: "string", attributes: dynamic },
  member: { attributes: strings },
  scope: { kind: "string", name: "string", type: "string", attributes: strings },
  organization: { name: "string", attributes: strings },
  workspace: { name: "string", attributes: strings },
  token: { claims: dynamic },
};

/** Characters of source after which the environment is made anew. */
const RENEW_AFTER = 256 * 1024;

let environment: Environment | undefined;
let charactersRead = 0;

/**
 * The variables of conditions by their types, to parse and check a source with. The library remembers each name that is called
 * and each pair of types that meets for as long as an environment lives, so one does not live for ever: sources come from
 * tenants.
 */
export function environmentFor(source: string): Environment {
  charactersRead += source.length;
  if (environment === undefined || charactersRead > RENEW_AFTER) {
    environment = describe();
    charactersRead = source.length;
  }
  return environment;
}

function describe(): Environment {
  const described = createEnvironment({
    maxDepth: conditionLimits.conditionDepth,
    maxAstNodes: conditionLimits.conditionLength,
  });
  for (const [variable, types] of Object.entries(fields)) {
    const type = variable.charAt(0).toUpperCase() + variable.slice(1);
    described.registerType(type, { fields: { ...types } }).registerVariable(variable, type);
  }
  return described.registerVariable("context", dynamic).registerVariable("now", "google.protobuf.Timestamp");
}

const notAMember = new Failure("member is not there, because the subject is no member");

/** How the variables are read. Undefined is absent; a Failure is an error even in `has()`. */
export const variables: ReadonlyMap<string, ReadVariable> = new Map<string, ReadVariable>([
  ["subject", of((facts) => facts.subject)],
  ["resource", of((facts) => facts.resource)],
  ["context", of((facts) => facts.context)],
  ["member", of((facts) => facts.member ?? notAMember)],
  ["scope", of((facts) => facts.scope)],
  ["organization", of((facts) => facts.organization)],
  ["workspace", of((facts) => facts.workspace)],
  ["token", of((facts) => facts.token)],
  ["now", of((facts) => new Timestamp(BigInt(Math.trunc(facts.now)) * 1_000_000n))],
]);

function of(read: (facts: ConditionFacts) => Value | undefined): ReadVariable {
  return (run) => read(run.facts as ConditionFacts);
}
