import type { Logger } from "pino";
import type { KubeApi, Resource } from "../kube/kube-api.ts";

const selfSubjectReviews: Resource = {
  group: "authentication.k8s.io",
  version: "v1",
  plural: "selfsubjectreviews",
  kind: "SelfSubjectReview",
};

/** The name by which the API server knows the operator, asked once; "" where it does not say. */
export class OwnIdentity {
  readonly #api: Pick<KubeApi, "create">;
  readonly #logger: Logger;
  #username: Promise<string> | undefined;

  constructor(api: Pick<KubeApi, "create">, logger: Logger) {
    this.#api = api;
    this.#logger = logger;
  }

  username(): Promise<string> {
    return (this.#username ??= this.#ask());
  }

  async #ask(): Promise<string> {
    try {
      const review = await this.#api.create(selfSubjectReviews, undefined, {
        apiVersion: "authentication.k8s.io/v1",
        kind: "SelfSubjectReview",
        metadata: { name: "" },
      });
      const status = review.status as { userInfo?: { username?: unknown } } | undefined;
      const username = status?.userInfo?.username;
      return typeof username === "string" ? username : "";
    } catch (error) {
      // The next write asks again. Until then the operator's own writes are judged like any other's.
      this.#username = undefined;
      this.#logger.warn({ err: error }, "Could not learn by which name the API server knows the operator");
      return "";
    }
  }
}
