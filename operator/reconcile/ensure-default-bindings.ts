import type { Logger } from "pino";
import { defaultBindingsOf } from "../../engine/defaults/default-bindings.ts";
import { defaultBindingName, membershipOfDefault } from "../../engine/defaults/default-name.ts";
import { findYielding, type Yielding } from "../../engine/defaults/find-yielding.ts";
import type { AccessRoleBinding, Membership } from "../../engine/model/objects.generated.ts";
import { byName } from "../../engine/model/order.ts";
import { isTerminating, type World } from "../../engine/model/world.ts";
import type { ConstraintReports } from "../constraints/constraint-reports.ts";
import type { EventRecorder } from "../events/event-recorder.ts";
import type { KubeApi, KubeObject } from "../kube/kube-api.ts";
import { isAlreadyExists, isNotFound, KubeError } from "../kube/kube-error.ts";
import { sidegateResources } from "../source/kubernetes/sidegate-resources.ts";
import { scopesWithin } from "./bindings-within.ts";
import type { Handler } from "./handler.ts";

export interface EnsureDefaultBindingsDependencies {
  readonly constraints: Pick<ConstraintReports, "policyOf" | "reportOf">;
  /** Milliseconds since 1970. */
  readonly wallTime: () => number;
  readonly isNamespaceTerminating: (namespace: string) => Promise<boolean>;
  readonly logger: Logger;
  /** Default: nothing is recorded. */
  readonly events?: EventRecorder | undefined;
}

/** As many names as status.defaultsGiven can hold. */
const MAX_GIVEN = 4096;

const FIELD_MANAGER = "sidegate-defaults";

/**
 * Gives a Membership each of its default roles once (semantics, section 9), whichever of Membership and environment comes
 * first.
 *
 * A binding is created before it is recorded as given: after a crash in between it is created again, which its name makes
 * harmless. What is recorded is not given again, so that removing or changing a default is respected. A record goes with
 * its scope; an environment made anew under the old name is another one.
 *
 * A default that yields to another binding is recorded without being given, and one that was given is taken away, so that
 * it does not matter which of the two came first.
 */
export function ensureDefaultBindings(
  dependencies: EnsureDefaultBindingsDependencies,
): Handler<"Membership"> {
  return async ({ domain, object, world, api }) => {
    if (isTerminating(object)) return;
    await takeAwayYielding(dependencies, domain, object, world, api);
    const due = defaultBindingsOf(world, object.metadata.name).sort(byName);
    if (isRecorded(world, object, due)) return;
    // What the operator last saw may be older than its own record; a default must not be given twice.
    const membership = await readAgain(api, object);
    if (membership === undefined) return;
    const kept = keptRecords(world, membership);
    const missing = due.filter(({ metadata }) => !kept.has(metadata.name));
    const settled = missing.slice(0, MAX_GIVEN - kept.size);
    const yielding = findYieldingOf(dependencies, domain, object, settled);
    const given = settled.filter(({ metadata }) => !yielding.has(metadata.name));
    if (settled.length < missing.length) {
      const { name } = object.metadata;
      dependencies.logger.warn(
        { domain, membership: name, limit: MAX_GIVEN },
        "Too many defaults to record; the rest is not given",
      );
    }
    if (settled.length === 0 && kept.size === (membership.status?.defaultsGiven?.length ?? 0)) return;
    try {
      for (const binding of given) await create(api, binding, membership);
    } catch (error) {
      const isRefused = error instanceof KubeError && error.status === 403;
      if (isRefused && (await dependencies.isNamespaceTerminating(domain))) return;
      throw error;
    }
    await record(api, membership, [...kept, ...settled.map(({ metadata }) => metadata.name)]);
  };
}

function findYieldingOf(
  { constraints, wallTime }: EnsureDefaultBindingsDependencies,
  domain: string,
  { spec }: Membership,
  defaults: readonly AccessRoleBinding[],
): ReadonlyMap<string, Yielding> {
  const policy = constraints.policyOf(domain);
  return policy === undefined ? new Map() : findYielding(policy, spec.organization, defaults, wallTime());
}

/** Deletes the defaults of a Membership that yield, as they are now. */
async function takeAwayYielding(
  dependencies: EnsureDefaultBindingsDependencies,
  domain: string,
  membership: Membership,
  world: World,
  api: KubeApi,
): Promise<void> {
  const { kind, metadata } = membership;
  const { yielding } = dependencies.constraints.reportOf(domain, { kind, name: metadata.name });
  const there = yielding.flatMap(({ name }) => world.live("AccessRoleBinding", name) ?? []);
  const stillYield = findYieldingOf(
    dependencies,
    domain,
    membership,
    there.filter((binding) => membershipOfDefault(binding) === metadata.name),
  );
  for (const binding of there) {
    const reason = stillYield.get(binding.metadata.name);
    if (reason === undefined) continue;
    const { namespace, name, uid = "", resourceVersion = "" } = binding.metadata;
    await api.delete(sidegateResources.AccessRoleBinding, namespace, name, { uid, resourceVersion });
    const facts = { domain, binding: name, yieldsTo: reason.binding, constraint: reason.constraint };
    dependencies.logger.info(facts, "Took a default away that yields to another binding");
    const { apiVersion } = membership;
    const message = `Default AccessRoleBinding "${name}" was taken away: AccessConstraint "${reason.constraint}" lets it yield to AccessRoleBinding "${reason.binding}"`;
    dependencies.events?.record(
      { apiVersion, kind, name: metadata.name, namespace, uid: metadata.uid },
      { type: "Normal", reason: "DefaultTakenAway", message, action: "TakeAway" },
    );
  }
}

function isRecorded(world: World, membership: Membership, due: readonly AccessRoleBinding[]): boolean {
  const recorded = new Set(membership.status?.defaultsGiven);
  const isGiven = due.every(({ metadata }) => recorded.has(metadata.name)) || recorded.size >= MAX_GIVEN;
  return isGiven && keptRecords(world, membership).size === recorded.size;
}

/** The recorded names whose scope is still there. */
function keptRecords(world: World, { metadata, spec, status }: Membership): Set<string> {
  const recorded = status?.defaultsGiven ?? [];
  if (recorded.length === 0) return new Set();
  const possible = new Set<string>();
  for (const scope of scopesWithin(world, spec.organization)) {
    const [kind = "", name = ""] = scope.split("/");
    possible.add(defaultBindingName(metadata.name, kind, name));
  }
  return new Set(recorded.filter((name) => possible.has(name)));
}

/** The Membership as it is now, or undefined if it is gone, going or another one. */
async function readAgain(api: KubeApi, { metadata }: Membership): Promise<Membership | undefined> {
  try {
    const { namespace, name, uid } = metadata;
    const now = (await api.get(sidegateResources.Membership, namespace, name)) as unknown as Membership;
    return now.metadata.uid === uid && !isTerminating(now) ? now : undefined;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

async function create(api: KubeApi, binding: AccessRoleBinding, membership: Membership): Promise<void> {
  const resource = sidegateResources.AccessRoleBinding;
  const { namespace, name } = binding.metadata;
  const body = binding as unknown as KubeObject;
  try {
    await api.create(resource, namespace, body);
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
    const existing = (await api.get(resource, namespace, name)) as unknown as AccessRoleBinding;
    // Anyone else's binding of that name stands in for the default.
    if (!isLeftover(existing, membership)) return;
    const { uid, resourceVersion } = existing.metadata;
    await api.delete(resource, namespace, name, { uid, resourceVersion });
    await api.create(resource, namespace, body);
  }
}

/** Whether a binding belongs to an earlier Membership of that name, which the garbage collector has not come to yet. */
function isLeftover({ metadata }: AccessRoleBinding, membership: Membership): boolean {
  const owners = metadata.ownerReferences ?? [];
  return owners.some(
    ({ kind, name, uid }) =>
      kind === "Membership" && name === membership.metadata.name && uid !== membership.metadata.uid,
  );
}

async function record(
  api: KubeApi,
  { apiVersion, kind, metadata }: Membership,
  names: string[],
): Promise<void> {
  const { namespace, name, uid } = metadata;
  const status = { defaultsGiven: names.sort() };
  const body = {
    apiVersion,
    kind,
    metadata: { name, ...(namespace && { namespace }), ...(uid && { uid }) },
    status,
  };
  await api.apply(sidegateResources.Membership, body, { fieldManager: FIELD_MANAGER, subresource: "status" });
}
