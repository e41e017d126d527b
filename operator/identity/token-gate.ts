/**
 * The gate of an operator in a cluster: TokenReview says who has a token, SubjectAccessReview whether they may `sync` a
 * domain. It trusts nothing that a token says of itself: what it claims only spares the API server questions whose answer is
 * known to be no, and tells how long an accepted one lasts.
 */
import { createHash } from "node:crypto";
import { messageOf } from "../../engine/errors/message-of.ts";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import type { Clock } from "../../host/clock.ts";
import { Semaphore } from "../../host/semaphore.ts";
import type { KubeApi, KubeObject, Resource } from "../kube/kube-api.ts";
import type { Gate } from "./gate.ts";
import { type PeerIdentity, readIdentity, serviceAccountOf } from "./peer-identity.ts";
import { readBearer, readClaims, type TokenClaims } from "./read-bearer.ts";
import { type Fresh, SharedCache } from "./shared-cache.ts";

/** Whom the tokens of sidecars are made for. */
export const OPERATOR_AUDIENCE = "sidegate.dev/operator";

export interface TokenGateOptions {
  readonly api: Pick<KubeApi, "create">;
  readonly clock: Clock;
  /** Whom the tokens must be made for. Default: the operator. */
  readonly audience?: string;
}

const TOKEN_REVIEWS: Resource = {
  group: "authentication.k8s.io",
  version: "v1",
  plural: "tokenreviews",
  kind: "TokenReview",
};
const ACCESS_REVIEWS: Resource = {
  group: "authorization.k8s.io",
  version: "v1",
  plural: "subjectaccessreviews",
  kind: "SubjectAccessReview",
};

const ALLOWED_MS = 60_000;
const REFUSED_MS = 5_000;
/** Answers kept, of each kind. */
const KEPT = 4_096;
/** Reviews at a time, so that a crowd of strangers is no crowd at the API server. */
const REVIEWS = 16;
/** How far this machine's clock may be off before a token that claims to be over is refused unasked. */
const SKEW_MS = 300_000;
/** How much of the API server's words is passed on. */
const REASON_LENGTH = 300;

type Verdict = { readonly identity: PeerIdentity } | { readonly refusal: SidegateError };

/** A gate by the API server's reviews. Answers are kept for a minute, refusals for 5 s. */
export class TokenGate implements Gate {
  readonly #api: Pick<KubeApi, "create">;
  readonly #clock: Clock;
  readonly #audience: string;
  readonly #reviews = new Semaphore(REVIEWS);
  readonly #identities: SharedCache<Verdict>;
  readonly #rights: SharedCache<{ readonly allowed: boolean }>;

  constructor({ api, clock, audience = OPERATOR_AUDIENCE }: TokenGateOptions) {
    this.#api = api;
    this.#clock = clock;
    this.#audience = audience;
    this.#identities = new SharedCache(clock, KEPT);
    this.#rights = new SharedCache(clock, KEPT);
  }

  async identify(headers: readonly (string | Buffer)[]): Promise<PeerIdentity> {
    const token = readBearer(headers);
    const claims = readClaims(token);
    if (!claims.audiences.includes(this.#audience)) throw this.#wrongAudience(claims);
    const over = this.#clock.wallTime() - (claims.expiresAt ?? Infinity);
    if (over > SKEW_MS) throw expired(claims);
    // Not the token itself, which would lie in memory for longer than it must.
    const key = createHash("sha256").update(token).digest("base64");
    const verdict = await this.#identities.get(key, () => this.#review(token, claims));
    if ("refusal" in verdict) throw verdict.refusal;
    return verdict.identity;
  }

  async authorize(peer: PeerIdentity, domain: string): Promise<void> {
    const { user, uid, groups, extra } = peer;
    const key = JSON.stringify([domain, user, uid, groups, extra]);
    const { allowed } = await this.#rights.get(key, () => this.#reviewAccess(peer, domain));
    if (allowed) return;
    const account = serviceAccountOf(user);
    const whom = account ? `serviceaccount ${account.namespace}/${account.name}` : `user "${user}"`;
    throw new SidegateError(
      "SG2155",
      `${whom} may not sync domain "${domain}": grant the verb sync on accessdomains in namespace ${domain} to ${whom}`,
    );
  }

  async #review(token: string, claims: TokenClaims): Promise<Fresh<Verdict>> {
    const spec = { token, audiences: [this.#audience] };
    const status = await this.#ask(TOKEN_REVIEWS, spec);
    const { authenticated, audiences, user, error } = status;
    if (authenticated !== true) {
      const text = typeof error === "string" ? error.slice(0, REASON_LENGTH) : "the token is refused";
      const over = claims.expiresAt !== undefined && claims.expiresAt <= this.#clock.wallTime();
      return refused(over ? expired(claims) : new SidegateError("SG2152", `the API server says: ${text}`));
    }
    // A server that knows no audiences answers none: such a token is for the server itself.
    if (!Array.isArray(audiences) || !audiences.includes(this.#audience)) {
      return refused(
        this.#wrongAudience({ ...claims, audiences: Array.isArray(audiences) ? audiences : [] }),
      );
    }
    const identity = readIdentity(user, claims.expiresAt);
    if (identity === undefined) return refused(new SidegateError("SG2152", "the token is nobody's"));
    const left = (claims.expiresAt ?? Infinity) - this.#clock.wallTime();
    return { value: { identity }, ttlMs: Math.min(ALLOWED_MS, Math.max(REFUSED_MS, left)) };
  }

  async #reviewAccess({ user, uid, groups, extra }: PeerIdentity, domain: string) {
    const resourceAttributes = {
      verb: "sync",
      group: "sidegate.dev",
      resource: "accessdomains",
      namespace: domain,
    };
    const status = await this.#ask(ACCESS_REVIEWS, { user, uid, groups, extra, resourceAttributes });
    const allowed = status.allowed === true && status.denied !== true;
    return { value: { allowed }, ttlMs: allowed ? ALLOWED_MS : REFUSED_MS };
  }

  #wrongAudience({ audiences }: Pick<TokenClaims, "audiences">): SidegateError {
    const given = audiences.length === 0 ? "no audience" : `the audience ${audiences.join(", ")}`;
    const text = `the token has ${given.slice(0, REASON_LENGTH)}, not ${this.#audience}`;
    return new SidegateError("SG2153", text);
  }

  /** The status of a review. Rejects with SG2156. */
  async #ask(resource: Resource, spec: object): Promise<Record<string, unknown>> {
    const { group, version, kind } = resource;
    const review: KubeObject = { apiVersion: `${group}/${version}`, kind, metadata: { name: "" }, spec };
    try {
      const { status } = await this.#reviews.run(() => this.#api.create(resource, undefined, review));
      return (status ?? {}) as Record<string, unknown>;
    } catch (error) {
      throw new SidegateError("SG2156", `${kind}: ${messageOf(error)}`, { cause: error });
    }
  }
}

function refused(refusal: SidegateError): Fresh<Verdict> {
  return { value: { refusal }, ttlMs: REFUSED_MS };
}

function expired({ expiresAt }: TokenClaims): SidegateError {
  const when = expiresAt === undefined ? "" : ` at ${new Date(expiresAt).toISOString()}`;
  return new SidegateError("SG2154", `the token ended${when}`);
}
