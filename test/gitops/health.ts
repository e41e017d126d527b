/** A condition as an operator writes it: "Effective=True", at this generation. */
export function condition(text: string, observedGeneration = 3, reason = "Reason"): object {
  const [type, status] = text.split("=");
  return { type, status, observedGeneration, reason, message: `${type} is ${status}` };
}

/** An object at generation 3 with these conditions; without any it has no status. */
export function objectWith(conditions: readonly object[], metadata: object = {}): object {
  return {
    apiVersion: "sidegate.dev/v1alpha1",
    kind: "AccessRoleBinding",
    metadata: { name: "ada", generation: 3, ...metadata },
    ...(conditions.length > 0 && { status: { observedGeneration: 3, conditions } }),
  };
}

/** What the tools should make of an object. */
export const healthCases: readonly {
  readonly name: string;
  readonly object: object;
  readonly argo: "Healthy" | "Progressing" | "Degraded" | "Suspended";
  readonly flux: "current" | "failed" | "in progress";
}[] = [
  { name: "new", object: objectWith([]), argo: "Progressing", flux: "in progress" },
  {
    name: "effective",
    object: objectWith([condition("Accepted=True"), condition("Effective=True")]),
    argo: "Healthy",
    flux: "current",
  },
  {
    name: "on its way",
    object: objectWith([condition("Accepted=True"), condition("Effective=False")]),
    argo: "Progressing",
    flux: "in progress",
  },
  {
    name: "effective in an earlier generation",
    object: objectWith([condition("Accepted=True", 2), condition("Effective=True", 2)]),
    argo: "Progressing",
    flux: "in progress",
  },
  {
    name: "accepted in this generation and effective in an earlier one",
    object: objectWith([condition("Accepted=True"), condition("Effective=True", 2)]),
    argo: "Progressing",
    flux: "in progress",
  },
  {
    name: "not accepted",
    object: objectWith([condition("Accepted=False"), condition("Effective=False")]),
    argo: "Degraded",
    flux: "failed",
  },
  ...["ReferenceNotFound", "UnknownPermission"].map((reason) => ({
    name: `not accepted before what it names is there (${reason})`,
    object: objectWith([condition("Accepted=False", 3, reason), condition("Effective=False")]),
    argo: "Degraded" as const,
    flux: "in progress" as const,
  })),
  {
    name: "a constraint that waits for holders",
    object: objectWith([condition("Accepted=True"), condition("Satisfied=False", 3, "TooFewHolders")]),
    argo: "Degraded",
    flux: "in progress",
  },
  {
    name: "not accepted in an earlier generation",
    object: objectWith([condition("Accepted=False", 2)]),
    argo: "Progressing",
    flux: "in progress",
  },
  {
    name: "a constraint that is broken",
    object: objectWith([
      condition("Accepted=True"),
      condition("Satisfied=False"),
      condition("Effective=False"),
    ]),
    argo: "Degraded",
    flux: "failed",
  },
  {
    name: "a domain whose guard holds something",
    object: objectWith([condition("Accepted=True"), condition("Held=True"), condition("Effective=False")]),
    argo: "Suspended",
    flux: "failed",
  },
  {
    name: "a domain whose guard let go",
    object: objectWith([condition("Accepted=True"), condition("Held=False"), condition("Effective=True")]),
    argo: "Healthy",
    flux: "current",
  },
];
