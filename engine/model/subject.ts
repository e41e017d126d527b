import type { SubjectReference } from "./objects.generated.ts";

/**
 * The kinds of subject. The digits stand in the keys of compiled policies and never change. Kinds never match one
 * another: asserting a group's name never makes one a member of a declared group.
 */
export const SubjectDigit = { User: "1", ServiceAccount: "2", Group: "3", AccessGroup: "4" } as const;

/** The group that every subject is in. */
export const AUTHENTICATED = "system:authenticated";

const RESERVED = ["system:", "token:", "k8s:"] as const;

/** Whether a name is reserved for Sidegate itself, so that no request may bear it. */
export function isReserved(name: string): boolean {
  const first = name.charCodeAt(0);
  // 's', 't', 'k': nearly every name ends here.
  if (first !== 115 && first !== 116 && first !== 107) return false;
  return RESERVED.some((prefix) => name.startsWith(prefix));
}

/** The key of a subject in compiled policies, or undefined for a kind that there is not. */
export function subjectKey(kind: string, name: string): string | undefined {
  const digit = (SubjectDigit as Record<string, string>)[kind];
  return digit === undefined || !Object.hasOwn(SubjectDigit, kind) ? undefined : digit + name;
}

/** The subject of a key of compiled policies. */
export function readSubjectKey(key: string): SubjectReference {
  const digit = key.slice(0, 1);
  const found = Object.entries(SubjectDigit).find(([, other]) => other === digit);
  if (found === undefined) throw new Error(`No kind of subject has the digit ${JSON.stringify(digit)}`);
  return { kind: found[0] as SubjectReference["kind"], name: key.slice(1) };
}

/** Whether a name has the form "namespace/name" with both parts and one slash. */
export function isServiceAccountName(name: string): boolean {
  const slash = name.indexOf("/");
  return slash > 0 && slash < name.length - 1 && name.indexOf("/", slash + 1) === -1;
}
