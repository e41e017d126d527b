import { membershipOfDefault } from "../defaults/default-name.ts";
import type { AccessRoleBinding } from "../model/objects.generated.ts";
import { provenanceOf } from "../model/provenance.ts";
import { Level } from "../model/scope.ts";
import { scopeNodeKey } from "../model/scope-tree.ts";
import { subjectKey } from "../model/subject.ts";
import { DEFAULT_FLAG } from "./shard-format.ts";
import { readWindow, type Window } from "./windows.ts";

/** What a shard needs of a binding. */
export interface BindingRow {
  readonly name: string;
  readonly role: string;
  /** As the scopes of a shard are named. */
  readonly scope: string;
  /** Keys, each once. */
  readonly subjects: readonly string[];
  readonly window: Window;
  readonly when: string | undefined;
  readonly flags: number;
  readonly generation: number;
  readonly provenance: string;
}

export function readBinding(binding: AccessRoleBinding): BindingRow {
  const { role, scope, subjects, notBefore, expiresAt, when } = binding.spec;
  const keys = subjects.flatMap(({ kind, name }) => subjectKey(kind, name) ?? []);
  return {
    name: binding.metadata.name,
    role,
    scope: scopeNodeKey(Level[scope.kind], scope.name ?? ""),
    subjects: keys.length > 1 ? [...new Set(keys)] : keys,
    window: readWindow(notBefore, expiresAt),
    when,
    flags: membershipOfDefault(binding) === undefined ? 0 : DEFAULT_FLAG,
    generation: binding.metadata.generation ?? 0,
    provenance: provenanceOf(binding.metadata),
  };
}
