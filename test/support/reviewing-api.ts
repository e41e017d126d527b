import type { KubeApi, KubeObject, Resource } from "../../operator/kube/kube-api.ts";
import { KubeError } from "../../operator/kube/kube-error.ts";
import { Reviews } from "../fake-apiserver/reviews.ts";
import { podIdentity, tokenText } from "./tokens.ts";

/** An API that answers reviews without a network in between, and nothing else. */
export class ReviewingApi implements Pick<KubeApi, "create"> {
  readonly reviews = new Reviews();
  /** How many reviews were asked for. */
  asked = 0;
  /** While it is, nothing is answered. */
  isAway = false;
  /** When it is set, answers wait for it. */
  delay: Promise<void> | undefined;

  async create({ kind }: Resource, _namespace: string | undefined, object: KubeObject): Promise<KubeObject> {
    this.asked++;
    await this.delay;
    if (this.isAway) throw new KubeError(503, "ServiceUnavailable", "the test has switched it off");
    const spec = object.spec as Record<string, never>;
    const status =
      kind === "TokenReview"
        ? this.reviews.authenticate(spec.token ?? "", spec.audiences ?? [])
        : this.reviews.authorize(spec.user ?? "", spec.groups ?? [], spec.resourceAttributes ?? {});
    this.reviews.seen.push(spec);
    return { ...object, status };
  }

  /**
   * A token of a pod, whose service account has the name of its namespace.
   *
   * @param expiresAt milliseconds since 1970
   */
  podToken(namespace: string, pod: string, expiresAt?: number): string {
    const token = tokenText(expiresAt === undefined ? {} : { expiresAt: Math.floor(expiresAt / 1_000) });
    this.reviews.setToken(token, podIdentity(namespace, namespace, pod));
    return token;
  }

  /** Lets the service account of a namespace sync a domain; returns the way to take it back. */
  allowSync(namespace: string, domain = namespace): () => void {
    const user = `system:serviceaccount:${namespace}:${namespace}`;
    const what = { verb: "sync", group: "sidegate.dev", resource: "accessdomains", namespace: domain };
    return this.reviews.allow({ user, ...what });
  }
}
