import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import { quote } from "../../engine/model/quote.ts";
import type { ReviewCallerRequest, ReviewCallerResponse } from "../../proto/generated/callers.js";
import type { Input } from "../../proto/message-type.ts";
import type { Gate } from "../identity/gate.ts";
import { type PeerIdentity, serviceAccountOf } from "../identity/peer-identity.ts";

/** Whom the tokens are made for that pods present to the sidecar of their node. */
export const CALLER_AUDIENCE = "sidegate.dev/sidecar";

/** Under this key a service account token names the node of its pod (KEP-4193). */
const NODE_NAME = "authentication.kubernetes.io/node-name";

/**
 * Says who presented a token to a sidecar, and whether they may ask about a domain: that of their own namespace, and any that
 * they may `sync`. Rejects with SG2155 where the sidecar may not have the domain itself, since what it has no policy of is
 * none of its business, and with SG2156 when nobody can tell.
 *
 * @param sidecar who asks
 * @param sidecars says what sidecars may receive
 * @param callers knows tokens with the audience of callers
 */
export async function reviewCaller(
  sidecar: PeerIdentity,
  { token, domain: named }: ReviewCallerRequest,
  sidecars: Pick<Gate, "authorize">,
  callers: Gate,
): Promise<Input<ReviewCallerResponse>> {
  let caller: PeerIdentity;
  try {
    caller = await callers.identify([`Bearer ${token}`]);
  } catch (error) {
    return unauthenticated(textOfRefusal(error));
  }
  const elsewhere = findOtherNode(sidecar, caller);
  if (elsewhere !== undefined) return unauthenticated(elsewhere);
  const namespace = serviceAccountOf(caller.user)?.namespace;
  if (namespace === undefined) return unauthenticated(`${quote(caller.user)} is no service account`);

  const domain = named === "" ? namespace : named;
  await sidecars.authorize(sidecar, domain);
  const answer = { domain, user: caller.user, expiresAt: caller.expiresAt ?? 0 };
  if (domain === namespace) return answer;
  try {
    await callers.authorize(caller, domain);
    return answer;
  } catch (error) {
    return { ...answer, refusal: { message: textOfRefusal(error) } };
  }
}

/** A token that was taken from another node is of no use here. Clusters before 1.32 do not say which it is of. */
function findOtherNode(sidecar: PeerIdentity, caller: PeerIdentity): string | undefined {
  const here = sidecar.extra[NODE_NAME]?.[0];
  const there = caller.extra[NODE_NAME]?.[0];
  if (here === undefined || there === undefined || here === there) return undefined;
  return `the token is of a pod on node ${quote(there)}, but this sidecar serves node ${quote(here)}`;
}

/** Throws what is no refusal. */
function textOfRefusal(error: unknown): string {
  if (!(error instanceof SidegateError) || error.code === "SG2156") throw error;
  return error.message;
}

function unauthenticated(message: string): Input<ReviewCallerResponse> {
  return { refusal: { unauthenticated: true, message } };
}
