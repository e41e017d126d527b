import type { World } from "../model/world.ts";
import type { Policy } from "../policy/policy.ts";
import type { Writer } from "./writer.ts";

/** A verb of Kubernetes RBAC that stands for a right in the domain. */
export interface RbacVerb {
  readonly verb: "bind" | "escalate" | "admit";
  readonly kind: "AccessRole" | "Organization";
  readonly name: string;
}

/** Why a write is refused. */
export interface Refusal {
  /** The field that is at fault, for example "spec.subjects[0]". */
  readonly path: string;
  /** A sentence without full stop: object, what is wrong, and what to do. */
  readonly message: string;
  /** What the writer would have to be allowed by RBAC for this not to be refused; undefined: nothing lifts it. */
  readonly liftedBy: RbacVerb | undefined;
}

/** What a write is judged by. World and policy are of the same objects, without the write. */
export interface Grounds {
  readonly world: World;
  readonly policy: Policy;
  readonly writer: Writer;
  /**
   * Whether RBAC allows the writer a verb. Where asking takes a round trip, judge with `() => false`, ask for the verbs that the
   * refusals name, and judge again.
   */
  readonly hasVerb: (verb: RbacVerb) => boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}
