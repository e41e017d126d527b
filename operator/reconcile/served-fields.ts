/**
 * Which fields of statuses the definitions of the cluster lack, because the operator is newer than they are. The API server
 * takes nothing of a status with a field that it does not know, so the field is left out:
 *
 *   served    written like all fields, as long as nothing else is known
 *   lacking   a write was refused for it: left out for five minutes, then tried again, since the definitions may be newer by then
 */
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import type { Kind } from "../../engine/model/objects.generated.ts";
import type { Clock } from "../../host/clock.ts";
import { KubeError } from "../kube/kube-error.ts";

/** How long a field is left out before it is tried again, in milliseconds. */
export const LOOK_AGAIN_MS = 300_000;

/** As the API server names what a server-side apply may not hold: the field of the status, and what is within it. */
const UNDECLARED = /\.status\.(\w+)\S*: field not declared in schema/g;

export class ServedFields {
  readonly #clock: Pick<Clock, "now">;
  /** By "KIND.FIELD", until when it is left out, on the monotonic clock. */
  readonly #lacking = new Map<string, number>();

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
  }

  /** The fields of a status that may be written: the same object where that is all of them. */
  of(kind: Kind, fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    const now = this.#clock.now();
    const isServed = (field: string) => (this.#lacking.get(`${kind}.${field}`) ?? now) <= now;
    if (this.#lacking.size === 0 || Object.keys(fields).every(isServed)) return fields;
    return Object.fromEntries(Object.entries(fields).filter(([field]) => isServed(field)));
  }

  /**
   * Learns from a write that was refused.
   *
   * @param fields what may be left out of the status that was written
   * @returns "known": it can be written again without what was known to be lacking before; an SG4007 where that is news; and
   *   undefined where it was refused for something else
   */
  refused(
    kind: Kind,
    fields: Readonly<Record<string, unknown>>,
    error: unknown,
  ): "known" | SidegateError | undefined {
    if (!(error instanceof KubeError)) return undefined;
    const named = new Set([...error.message.matchAll(UNDECLARED)].map(([, field]) => field as string));
    const lacking = [...named].filter((field) => Object.hasOwn(fields, field));
    if (lacking.length === 0) return undefined;
    const news = lacking.filter((field) => !this.#lacking.has(`${kind}.${field}`));
    for (const field of lacking) this.#lacking.set(`${kind}.${field}`, this.#clock.now() + LOOK_AGAIN_MS);
    if (news.length === 0) return "known";
    return new SidegateError("SG4007", `${kind} has no status.${news.sort().join(", status.")}`);
  }
}
