import type { RbacVerb } from "../../engine/delegate/judgement.ts";
import { plurals, type SidegateObject } from "../../engine/model/objects.generated.ts";
import { createSystemClock } from "../../host/clock.ts";
import { LoadedPolicies } from "../../operator/admission/loaded-policies.ts";
import type { AdmissionRequest, AdmissionResponse, ReviewHandler } from "../../operator/admission/review.ts";
import { createValidateHandler, type ValidateDependencies } from "../../operator/admission/validate.ts";
import { Domains } from "../../operator/domains.ts";
import { createPolicyBook } from "../../operator/policy-book.ts";
import { DOMAIN } from "../worlds/build.ts";
import { silent } from "./silent-logger.ts";

/** A write to be reviewed. */
export interface Asked {
  readonly before?: SidegateObject | undefined;
  readonly after?: SidegateObject | undefined;
  /** Default: somebody who may do everything. */
  readonly by?: string;
  readonly groups?: readonly string[];
  readonly dryRun?: boolean;
}

let uids = 0;

/** The request that the API server would make of a write. */
export function reviewOf({
  before,
  after,
  by = "root",
  groups = [],
  dryRun = false,
}: Asked): AdmissionRequest {
  const { kind, metadata } = (after ?? before) as SidegateObject;
  return {
    uid: `uid-${uids++}`,
    kind: { group: "sidegate.dev", version: "v1alpha1", kind },
    resource: { group: "sidegate.dev", version: "v1alpha1", resource: plurals[kind] },
    subResource: "",
    operation: before === undefined ? "CREATE" : after === undefined ? "DELETE" : "UPDATE",
    name: metadata.name,
    namespace: metadata.namespace ?? DOMAIN,
    userInfo: { username: by, groups, extra: {} },
    object: after as AdmissionRequest["object"],
    oldObject: before as AdmissionRequest["object"],
    dryRun,
  };
}

/** The validating webhook beside a domain that was read. */
export class Reviewing {
  readonly clock = createSystemClock();
  readonly domains: Domains;
  readonly handler: ReviewHandler;
  /** What the API server was asked about RBAC, "verb Kind/name of USER". */
  readonly asked: string[] = [];
  /** What RBAC allows besides "root", as in `asked`. */
  readonly allowed = new Set<string>();
  isTerminating = false;
  isReady = true;
  #versions = 100;

  constructor(objects: readonly SidegateObject[], options: Partial<ValidateDependencies> = {}) {
    const { clock } = this;
    this.domains = new Domains({ book: createPolicyBook(), clock, logger: silent });
    for (const object of objects) this.store(object);
    this.domains.synced();
    this.handler = createValidateHandler({
      clock,
      logger: silent,
      domains: this.domains,
      isReady: () => this.isReady,
      ownUsername: async () => "system:serviceaccount:sidegate-system:sidegate-operator",
      isNamespaceTerminating: async () => this.isTerminating,
      policies: new LoadedPolicies(clock),
      askAccess: async ({ username }, _namespace, { verb, kind, name }: RbacVerb) => {
        const question = `${verb} ${kind}/${name} of ${username}`;
        this.asked.push(question);
        return username === "root" || this.allowed.has(question);
      },
      ...options,
    });
  }

  /** Stores an object, as the API server would, and lets the operator see it. */
  store<T extends SidegateObject>(object: T): T {
    const resourceVersion = String(++this.#versions);
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion } };
    this.domains.put(object.metadata.namespace ?? DOMAIN, stored);
    return stored;
  }

  review(asked: Asked, signal = new AbortController().signal): Promise<AdmissionResponse> {
    return this.handler(reviewOf(asked), signal);
  }

  /** Why a write is refused, or undefined. */
  async refusal(asked: Asked): Promise<string | undefined> {
    return (await this.review(asked)).denial?.message;
  }

  async warnings(asked: Asked): Promise<readonly string[]> {
    const { denial, warnings = [] } = await this.review(asked);
    if (denial !== undefined) throw new Error(`refused: ${denial.message}`);
    return warnings;
  }

  stop(): void {
    this.domains.stop();
  }
}
