/**
 * Which fields of statuses the definitions of the cluster lack, because the operator is newer than they are. The API server
 * takes nothing of a status with a field that it does not know, so that field is left out, and no more than it, since what an
 * apply leaves out goes:
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

/** As the API server names what a server-side apply may not hold, such as `.status.laggards[0].why`. */
const UNDECLARED = /\.status\.(\S+): field not declared in schema/g;
/** The place in a list, which is no part of the path that is left out. */
const ELEMENT = /\[[^\]]*\]/g;

type Fields = Readonly<Record<string, unknown>>;

export class ServedFields {
  readonly #clock: Pick<Clock, "now">;
  /** By "KIND.PATH", until when it is left out, on the monotonic clock. */
  readonly #lacking = new Map<string, number>();

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
  }

  /** The fields of a status as far as they may be written: the same object where that is all of them. */
  of(kind: Kind, fields: Fields): Fields {
    const now = this.#clock.now();
    let written = fields;
    for (const [place, until] of this.#lacking) {
      const [of, ...path] = place.split(".");
      if (of === kind && until > now) written = without(written, path) as Fields;
    }
    return written;
  }

  /**
   * Learns from a write that was refused.
   *
   * @param fields what may be left out of the status that was written
   * @returns "known": it can be written again without what was known to be lacking before; an SG4007 where that is news; and
   *   undefined where it was refused for something else
   */
  refused(kind: Kind, fields: Fields, error: unknown): "known" | SidegateError | undefined {
    if (!(error instanceof KubeError)) return undefined;
    const named = [...error.message.matchAll(UNDECLARED)].map(([, path]) => path!.replaceAll(ELEMENT, ""));
    const lacking = [...new Set(named)].filter((path) => Object.hasOwn(fields, path.split(".")[0]!));
    if (lacking.length === 0) return undefined;
    const news = lacking.filter((path) => !this.#lacking.has(`${kind}.${path}`));
    for (const path of lacking) this.#lacking.set(`${kind}.${path}`, this.#clock.now() + LOOK_AGAIN_MS);
    if (news.length === 0) return "known";
    return new SidegateError("SG4007", `${kind} has no status.${news.sort().join(", status.")}`);
  }
}

/** A value without what is at a path, in each element of lists on the way; the same one where there is nothing. */
function without(value: unknown, [field = "", ...rest]: readonly string[]): unknown {
  if (Array.isArray(value)) {
    const elements = value.map((element) => without(element, [field, ...rest]));
    return elements.some((element, at) => element !== value[at]) ? elements : value;
  }
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, field)) return value;
  const { [field]: found, ...others } = value as Fields;
  if (rest.length === 0) return others;
  const inner = without(found, rest);
  return inner === found ? value : { ...value, [field]: inner };
}
