import type { VerifiedPeer } from "../fleet/fleet.ts";

/** Who a peer is, as the API server said of its token. */
export interface PeerIdentity extends VerifiedPeer {
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
  /** When its token ends, in milliseconds since 1970 by the API server's clock; undefined where it does not say. */
  readonly expiresAt: number | undefined;
}

/** Keys under which service account tokens name their pod (KEP-1205). */
const POD_NAME = "authentication.kubernetes.io/pod-name";
const POD_UID = "authentication.kubernetes.io/pod-uid";

/**
 * Reads `status.user` of a TokenReview. Undefined where it names no user.
 *
 * @param expiresAt the end of the token that was reviewed
 */
export function readIdentity(user: unknown, expiresAt: number | undefined): PeerIdentity | undefined {
  const { username, uid, groups, extra } = (user ?? {}) as Record<string, unknown>;
  if (typeof username !== "string" || username === "") return undefined;
  const extras = readExtra(extra);
  const pod = readPod(username, extras);
  return {
    user: username,
    uid: typeof uid === "string" ? uid : "",
    groups: textsOf(groups),
    extra: extras,
    expiresAt,
    ...(pod && { pod }),
  };
}

/** The namespace and the name of the service account that a user is. */
export function serviceAccountOf(user: string): { namespace: string; name: string } | undefined {
  const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user) ?? [];
  return namespace === undefined || name === undefined ? undefined : { namespace, name };
}

/** A pod's token is always one of a service account in its namespace. */
function readPod(user: string, extra: PeerIdentity["extra"]): VerifiedPeer["pod"] {
  const namespace = serviceAccountOf(user)?.namespace;
  const name = extra[POD_NAME]?.[0];
  const uid = extra[POD_UID]?.[0];
  if (namespace === undefined || name === undefined || uid === undefined) return undefined;
  return { namespace, name, uid };
}

function readExtra(value: unknown): Record<string, readonly string[]> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.entries(value).map(([key, texts]) => [key, textsOf(texts)]));
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
