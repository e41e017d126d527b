import type { AccessRoleBinding, Membership } from "../../engine/model/objects.generated.ts";
import { memberKey } from "../../engine/model/references.ts";
import { isTerminating, type World } from "../../engine/model/world.ts";
import type { KubeApi } from "../kube/kube-api.ts";
import { isNotFound } from "../kube/kube-error.ts";
import { sidegateResources } from "../source/kubernetes/sidegate-resources.ts";
import { bindingsWithin } from "./bindings-within.ts";
import { addFinalizer, hasFinalizer, LEAVING, removeFinalizer } from "./finalizers.ts";
import type { Handler } from "./handler.ts";

export interface EnsureLeavingDependencies {
  readonly isNamespaceTerminating: (namespace: string) => Promise<boolean>;
  /**
   * Whether everything that had been read of a domain when this was first asked for the key is effective by now: whoever
   * decides does so with it. Has the key looked at again once it is.
   */
  readonly isEffective: (domain: string, key: string) => boolean;
  /** Has the next question count as the first. */
  readonly forget: (key: string) => void;
}

/**
 * Lets a Membership go only when leaving is complete (semantics, section 9): the subject is out of every binding at the
 * organization and below, bindings left empty are deleted, and no live sidecar decides with them any more. So joining again
 * starts from the defaults. In a namespace that goes, it goes at once.
 */
export function ensureLeaving(dependencies: EnsureLeavingDependencies): Handler<"Membership"> {
  const { isNamespaceTerminating, isEffective, forget } = dependencies;
  return async ({ domain, key, object, world, api }) => {
    if (!isTerminating(object)) return addFinalizer(api, object, LEAVING);
    if (!hasFinalizer(object, LEAVING)) return;
    if (!(await isNamespaceTerminating(domain))) {
      const bindings = isMemberOtherwise(world, object) ? [] : bindingsOf(world, object);
      for (const binding of bindings) await takeOut(api, binding, object);
      // The bindings' changes come back as events, and are effective some time after that.
      if (bindings.length > 0) return forget(key);
      if (!isEffective(domain, key)) return;
    }
    await removeFinalizer(api, object, LEAVING);
    forget(key);
  };
}

/** Whether another Membership makes the same subject a member of the same organization. */
function isMemberOtherwise(world: World, { spec }: Membership): boolean {
  for (const _other of world.referring("Membership", memberKey(spec))) return true;
  return false;
}

function bindingsOf(world: World, { spec }: Membership): AccessRoleBinding[] {
  const all = [...bindingsWithin(world, spec.organization)];
  return all.filter((binding) => binding.spec.subjects.some((subject) => isSame(subject, spec.subject)));
}

/** Both writes fail if the binding is another by now, and are then decided anew. */
async function takeOut(
  api: KubeApi,
  { metadata, spec }: AccessRoleBinding,
  { spec: left }: Membership,
): Promise<void> {
  const { namespace, name, uid, resourceVersion } = metadata;
  const subjects = spec.subjects.filter((subject) => !isSame(subject, left.subject));
  try {
    if (subjects.length === 0) {
      await api.delete(sidegateResources.AccessRoleBinding, namespace, name, { uid, resourceVersion });
    } else {
      const patch = { metadata: { uid, resourceVersion }, spec: { subjects } };
      await api.mergePatch(sidegateResources.AccessRoleBinding, namespace, name, patch);
    }
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

function isSame(a: { kind: string; name: string }, b: { kind: string; name: string }): boolean {
  return a.kind === b.kind && a.name === b.name;
}
