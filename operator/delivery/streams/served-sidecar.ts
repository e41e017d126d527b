import type { Logger } from "pino";
import { SidegateError } from "../../../engine/errors/sidegate-error.ts";
import { quote } from "../../../engine/model/quote.ts";
import type { Departure, FleetMember } from "../../fleet/fleet.ts";
import { DomainPush, type Instant } from "../push/domain-push.ts";
import type { Reply } from "../push/judge-reply.ts";
import { PushRota } from "../push/push-rota.ts";
import type { RefusalLog } from "../reception/refusal-log.ts";
import type { Supplies } from "./connection-options.ts";
import type { SidecarName } from "./name-sidecar.ts";
import { Outbox } from "./outbox.ts";
import type { SidecarHello } from "./read-hello.ts";
import type { ByteStream } from "./stream-writer.ts";

export interface ServedSidecarOptions extends Supplies {
  readonly stream: ByteStream;
  readonly peer: string;
  readonly hello: SidecarHello;
  readonly name: SidecarName;
  readonly logger: Logger;
  readonly refusals: RefusalLog;
  /** When its last message came, on the monotonic clock. */
  readonly seenAt: () => number;
  /** Whether no push is to begin. */
  readonly isDraining: () => boolean;
}

/** Characters of a revision. */
const REVISION_LENGTH = 64;

/** A sidecar whose Hello was accepted: it is one of the fleet, it is pushed what it lacks, and its answers are taken. */
export class ServedSidecar {
  readonly #options: ServedSidecarOptions;
  readonly #pushes: readonly DomainPush[];
  readonly #rota: PushRota;
  readonly #outbox: Outbox;
  #isAnnounced = false;
  #leave: (how: Departure) => void = () => {};

  constructor(options: ServedSidecarOptions) {
    const { hello, book, fleet, logger, signer, onBehind, settings, stream, clock, wakes } = options;
    this.#options = options;
    this.#pushes = hello.domains.map(
      ({ domain, active, held, onDemand }) => new DomainPush(domain, active, held, settings, onDemand),
    );
    this.#rota = new PushRota({ pushes: this.#pushes, book, fleet, logger, signer, onBehind });
    const { heartbeatMs } = settings;
    this.#outbox = new Outbox({ stream, clock, wakes, heartbeatMs, next: (at) => this.#nextMessage(at) });
  }

  /** Whether no push is under way. */
  get isIdle(): boolean {
    return this.#rota.isIdle;
  }

  /** A domain whose push stands still. @param now on the monotonic clock */
  stalled(now: number): string | undefined {
    return this.#rota.stalled(now);
  }

  /** Makes it one of the fleet, and begins with a heartbeat. */
  join(): void {
    const { book, fleet } = this.#options;
    // Before the first look at the book, so that no change falls in between.
    this.#leave = fleet.join(this.#member());
    this.#announce();
    for (const push of this.#pushes) push.observe(book.current(push.domain), this.#instant());
    this.#outbox.greet();
  }

  /** It is served no more. */
  leave(how: Departure): void {
    this.#outbox.stop();
    this.#leave(how);
  }

  /** The current policy of a domain has changed. */
  changed(domain: string): void {
    const push = this.#rota.of(domain);
    if (push === undefined) return;
    const [current, at] = [this.#options.book.current(domain), this.#instant()];
    push.observe(current, at);
    if (push.isAwaitingProgress(current, at.now)) return;
    this.#outbox.pump();
  }

  /** Writes whatever is due. */
  pump(): void {
    this.#outbox.pump();
  }

  /** Takes what it says of a policy. Throws SG2006 for a domain that it did not ask for. */
  reply(domain: string, reply: Reply): void {
    const push = this.#rota.of(domain);
    if (push === undefined) throw new SidegateError("SG2006", "a reply is about a domain not asked for");
    const { book, fleet, logger, name, onRefusedPush } = this.#options;
    const verdict = push.reply(reply, book.current(domain), this.#instant());
    const facts = { domain, revision: reply.revision };
    if (verdict === "stale") {
      this.#ignore(facts);
      return;
    }
    if (reply.refusal === undefined) logger.debug(facts, "Sidecar swapped a policy in");
    else {
      logger.warn({ ...facts, ...reply.refusal }, "Sidecar refused a policy");
      onRefusedPush?.({ ...facts, ...reply.refusal, sidecar: name.sidecar });
    }
    fleet.changed(domain);
  }

  /** A sidecar answers each push once, so this is none that means well; the stream goes on all the same. */
  #ignore({ domain, revision }: { readonly domain: string; readonly revision: string }): void {
    const { refusals, name, peer } = this.#options;
    const about = quote(revision.slice(0, REVISION_LENGTH));
    const error = new SidegateError("SG2006", `domain "${domain}": revision ${about} is not under way`);
    const facts = { peer, user: name.verified?.user, sidecar: name.sidecar };
    refusals.report(name.id, error, facts, "Ignored a sidecar's reply");
  }

  #nextMessage(at: Instant): Buffer | number {
    return this.#isAnnounced ? this.#rota.next(at, this.#options.isDraining()) : Number.POSITIVE_INFINITY;
  }

  #announce(): void {
    const { announce } = this.#options;
    this.#isAnnounced = announce === undefined;
    void announce?.().then(() => {
      this.#isAnnounced = true;
      this.#outbox.pump();
    });
  }

  #member(): FleetMember {
    const { name, hello, peer, clock, seenAt } = this.#options;
    return {
      ...name,
      version: hello.version,
      peer,
      connectedAt: clock.wallTime(),
      get seenAt() {
        return seenAt();
      },
      holdings: new Map(this.#pushes.map((push) => [push.domain, push])),
    };
  }

  #instant(): Instant {
    const { clock } = this.#options;
    return { now: clock.now(), wall: clock.wallTime() };
  }
}
