/**
 * One sidecar's stream.
 *
 * States:
 *   greeting     nothing was said; Hello must come in time
 *   authorizing  Hello is read, and nothing after it, until it is known whether the sidecar may have its domains
 *   serving      Hello was accepted: policies are pushed
 *   draining     the stream is to end: pushes under way are finished, none begins
 *   ended        nothing is written any more
 * Transitions: greeting -> authorizing with Hello, greeting -> serving where delivery is not authenticated; authorizing ->
 * serving when it may; greeting | authorizing | serving -> draining by `drain` or when the sidecar's token ends; any ->
 * ended when the stream closes, the sidecar may not have a domain, breaks the protocol, is silent or stalls, or the last
 * push of a draining connection was answered.
 *
 * Writing: messages are made one by one, as the stream takes them, from what is current then. So a sidecar that reads
 * slowly costs one policy's reference and what StreamWriter buffers, and no other sidecar's time.
 */
import type { ServerDuplexStream } from "@grpc/grpc-js";
import type { Logger } from "pino";
import { SidegateError } from "../../../engine/errors/sidegate-error.ts";
import { deliveryLimits } from "../../../engine/model/delivery-limits.ts";
import type { Clock } from "../../../host/clock.ts";
import type { Nack, SyncRequest } from "../../../proto/generated/delivery.js";
import type { RefusedPush } from "../../events/record-refusal.ts";
import type { Departure, Fleet, FleetMember } from "../../fleet/fleet.ts";
import type { Gate } from "../../identity/gate.ts";
import type { PeerIdentity } from "../../identity/peer-identity.ts";
import type { PolicyBook } from "../../policy-book.ts";
import type { Signer } from "../../trust/signer.ts";
import { DomainPush, type Instant } from "../push/domain-push.ts";
import type { Reply } from "../push/judge-reply.ts";
import { encodeHeartbeat } from "../push/messages.ts";
import { PushRota } from "../push/push-rota.ts";
import type { RefusalLog } from "../reception/refusal-log.ts";
import { toStatus } from "../reception/to-status.ts";
import type { DeliverySettings } from "../settings.ts";
import { nameOf, type SidecarName } from "./name-sidecar.ts";
import { readHello, type SidecarHello } from "./read-hello.ts";
import { StreamLease } from "./stream-lease.ts";
import { StreamWriter } from "./stream-writer.ts";
import { WakeTimer } from "./wake-timer.ts";

/** A sidecar's stream as grpc-js has it; messages to it are encoded already. */
export type SyncCall = ServerDuplexStream<SyncRequest, Buffer>;

/** Whose stream it is, and who lets it have domains. */
export interface Admission {
  readonly identity: PeerIdentity;
  readonly gate: Gate;
}

export interface ConnectionOptions {
  readonly call: SyncCall;
  readonly book: PolicyBook;
  readonly fleet: Fleet;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly settings: DeliverySettings;
  /** Undefined: what is said of policies is not signed. */
  readonly signer: Signer | undefined;
  readonly refusals: RefusalLog;
  /** Absent: delivery is not authenticated. */
  readonly admission?: Admission | undefined;
  /**
   * Called once the sidecar is among the fleet; no word about a policy goes to it before that resolves, so that nobody
   * decides who is not known. It must not reject. Absent: nobody needs to know.
   */
  readonly announce?: (() => Promise<void>) | undefined;
  /** Told when the sidecar has seen more than this replica. */
  readonly onBehind?: (() => void) | undefined;
  /** Told of each policy that the sidecar did not take. */
  readonly onRefusedPush?: ((refused: RefusedPush) => void) | undefined;
  /** Hello was accepted; before the sidecar joins the fleet. */
  readonly onServing: (name: SidecarName) => void;
  /** The connection is of no further use; once. */
  readonly onEnd: () => void;
}

const SILENT_TICKS = 3;

/** Ends that come of themselves and that nobody has to look into. */
const ORDINARY: ReadonlySet<string> = new Set(["SG2105", "SG2157", "SG2159"]);

export class Connection {
  readonly #options: ConnectionOptions;
  readonly #writer: StreamWriter;
  readonly #wake: WakeTimer;
  #logger: Logger;
  #state: "greeting" | "authorizing" | "serving" | "draining" | "ended" = "greeting";
  /** What a draining stream ends with. */
  #farewell = new SidegateError("SG2105", "the operator's replica is shutting down");
  #name: SidecarName | undefined;
  #lease: StreamLease | undefined;
  /** From Hello on. */
  #rota: PushRota | undefined;
  #pumping = false;
  #writtenAt = 0;
  #seenAt = 0;
  #heard = false;
  #silent = 0;
  #saidGoodbye = false;
  #isAnnounced = false;
  #leave: (how: Departure) => void = () => {};
  #cancelTick: () => void = () => {};

  constructor(options: ConnectionOptions) {
    const { call, clock, logger, settings } = options;
    this.#options = options;
    this.#logger = logger.child({ peer: call.getPeer() });
    this.#writer = new StreamWriter(call, () => this.#pump());
    this.#wake = new WakeTimer(clock, () => this.#pump());
    this.#seenAt = clock.now();
    this.#cancelTick = clock.after(settings.helloMs, () => this.#end(this.#lateness()));
    call.on("data", (message: SyncRequest) => this.#receive(message));
    call.on("end", () => this.#end(undefined));
    call.on("cancelled", () => this.#forget());
    call.on("error", () => this.#forget());
  }

  /** The current policy of a domain has changed. */
  changed(domain: string): void {
    const push = this.#rota?.of(domain);
    if (push === undefined) return;
    push.observe(this.#options.book.current(domain), this.#instant());
    this.#pump();
  }

  /** Finishes the pushes under way, then ends the stream. Default: because the server stops. */
  drain(why = this.#farewell): void {
    if (this.#state === "ended") return;
    this.#farewell = why;
    this.#state = "draining";
    this.#endIfDrained();
  }

  /** Ends the stream at once. Default: because the server stops. */
  end(why = this.#farewell): void {
    this.#end(why);
  }

  #receive(message: SyncRequest): void {
    if (this.#state === "ended") return;
    this.#heard = true;
    this.#seenAt = this.#options.clock.now();
    try {
      if (this.#state === "greeting") this.#greet(message);
      else if (message.ack) this.#reply(message.ack.domain, { revision: message.ack.revision });
      else if (message.nack) this.#reply(message.nack.domain, refusalOf(message.nack));
      else if (message.goodbye) this.#sendOff();
      else if (message.hello) throw new SidegateError("SG2006", "hello came a second time");
      this.#pump();
    } catch (error) {
      this.#end(error);
    }
  }

  #greet(message: SyncRequest): void {
    const { call, admission } = this.#options;
    const hello = readHello(message);
    if (admission === undefined) {
      this.#serve(hello);
      return;
    }
    this.#state = "authorizing";
    call.pause();
    const { gate, identity } = admission;
    const asked = Promise.all(hello.domains.map(({ domain }) => gate.authorize(identity, domain)));
    asked.then(
      () => {
        if (this.#state !== "authorizing") return;
        this.#serve(hello);
        this.#pump();
        call.resume();
      },
      (error) => this.#end(error),
    );
  }

  #serve({ sidecar, version, domains }: SidecarHello): void {
    const { call, book, fleet, clock, settings, signer, admission, onServing, onBehind } = this.#options;
    this.#cancelTick();
    const name = nameOf(sidecar, admission?.identity);
    this.#name = name;
    this.#logger = this.#logger.child({ sidecar: name.sidecar });
    onServing(name);
    const pushes = domains.map(
      ({ domain, active, held, onDemand }) => new DomainPush(domain, active, held, settings, onDemand),
    );
    const connection = this;
    const member: FleetMember = {
      ...name,
      version,
      peer: call.getPeer(),
      connectedAt: clock.wallTime(),
      get seenAt() {
        return connection.#seenAt;
      },
      holdings: new Map(pushes.map((push) => [push.domain, push])),
    };
    // Registered before the first look at the book, so that no change falls in between.
    this.#rota = new PushRota({ pushes, book, fleet, logger: this.#logger, signer, onBehind });
    this.#leave = fleet.join(member);
    this.#announce();
    for (const push of pushes) push.observe(book.current(push.domain), this.#instant());
    this.#state = "serving";
    this.#lease = admission && this.#startLease(admission, domains);
    this.#logger.info({ version, domains: domains.map(({ domain }) => domain) }, "Sidecar connected");
    this.#write(encodeHeartbeat(settings.heartbeatMs));
    this.#tickLater();
  }

  #announce(): void {
    const { announce } = this.#options;
    this.#isAnnounced = announce === undefined;
    void announce?.().then(() => {
      this.#isAnnounced = true;
      this.#pump();
    });
  }

  #startLease(admission: Admission, domains: SidecarHello["domains"]): StreamLease {
    const { clock, settings } = this.#options;
    return new StreamLease({
      ...admission,
      domains: domains.map(({ domain }) => domain),
      clock,
      recheckMs: settings.recheckMs,
      onAged: (error) => this.drain(error),
      onLost: (error) => this.#end(error),
    });
  }

  #lateness(): SidegateError {
    const { helloMs } = this.#options.settings;
    if (this.#state === "authorizing")
      return new SidegateError("SG2156", `the API server has not answered within ${helloMs} ms`);
    return new SidegateError("SG2104", `no hello within ${helloMs} ms`);
  }

  #reply(domain: string, reply: Reply): void {
    const push = this.#rota?.of(domain);
    if (push === undefined) throw new SidegateError("SG2006", "a reply is about a domain not asked for");
    const { book, fleet } = this.#options;
    const verdict = push.reply(reply, book.current(domain), this.#instant());
    const facts = { domain, revision: reply.revision };
    if (verdict === "stale") {
      this.#logger.debug(facts, "Ignored a reply to a push that is not under way");
      return;
    }
    if (reply.refusal) this.#logger.warn({ ...facts, ...reply.refusal }, "Sidecar refused a policy");
    else this.#logger.debug(facts, "Sidecar swapped a policy in");
    if (reply.refusal)
      this.#options.onRefusedPush?.({ ...facts, ...reply.refusal, sidecar: this.#name?.sidecar ?? "" });
    fleet.changed(domain);
    this.#endIfDrained();
  }

  #sendOff(): void {
    this.#saidGoodbye = true;
    this.#end(undefined);
  }

  /** Writes whatever is due, as far as the stream takes it. */
  #pump(): void {
    const rota = this.#rota;
    if (this.#pumping || rota === undefined) return;
    this.#pumping = true;
    while (this.#state !== "ended" && this.#writer.hasRoom) {
      const next = this.#nextMessage(rota);
      if (typeof next === "number") {
        this.#wake.setAt(next);
        break;
      }
      this.#write(next);
    }
    this.#pumping = false;
  }

  /** The next message, or when there may be one. */
  #nextMessage(rota: PushRota): Buffer | number {
    const at = this.#instant();
    const { heartbeatMs } = this.#options.settings;
    const next = this.#isAnnounced ? rota.next(at, this.#state === "draining") : Number.POSITIVE_INFINITY;
    if (typeof next !== "number") return next;
    const until = Math.min(next, this.#writtenAt + heartbeatMs);
    return at.now < until ? until : encodeHeartbeat(heartbeatMs);
  }

  #write(bytes: Buffer): void {
    this.#writtenAt = this.#options.clock.now();
    this.#writer.write(bytes);
  }

  #tickLater(): void {
    const { clock, settings } = this.#options;
    this.#cancelTick = clock.after(settings.heartbeatMs, () => this.#tick());
  }

  /** Ticks rather than a deadline: after a pause of this process, what came in meanwhile is read before it counts. */
  #tick(): void {
    this.#silent = this.#heard ? 0 : this.#silent + 1;
    this.#heard = false;
    const { clock, settings } = this.#options;
    const stalled = this.#rota?.stalled(clock.now());
    if (this.#silent >= SILENT_TICKS) {
      this.#end(new SidegateError("SG2104", `no message for ${SILENT_TICKS * settings.heartbeatMs} ms`));
    } else if (stalled !== undefined) {
      this.#end(new SidegateError("SG2104", `domain "${stalled}": a push stood still`));
    } else this.#tickLater();
  }

  #endIfDrained(): void {
    if (this.#state === "draining" && (this.#rota?.isIdle ?? true)) this.#end(this.#farewell);
  }

  /** Ends the stream; without an error because the sidecar ended its side. */
  #end(error: unknown): void {
    if (this.#state === "ended") return;
    this.#forget();
    if (error === undefined) this.#options.call.end();
    else {
      this.#report(error);
      this.#options.call.emit("error", toStatus(error));
    }
  }

  #report(error: unknown): void {
    const message = "Ended a sidecar's stream";
    if (error instanceof SidegateError && ORDINARY.has(error.code)) {
      this.#logger.info({ code: error.code, reason: error.message }, message);
      return;
    }
    const { call, refusals, admission } = this.#options;
    const peer = call.getPeer();
    const user = admission?.identity.user;
    const who = this.#name?.id ?? user ?? peer.replace(/:\d+$/, "");
    refusals.report(who, error, { peer, user, sidecar: this.#name?.sidecar }, message);
  }

  #forget(): void {
    if (this.#state === "ended") return;
    this.#state = "ended";
    this.#cancelTick();
    this.#wake.stop();
    this.#lease?.stop();
    this.#rota = undefined;
    this.#leave(this.#saidGoodbye ? "goodbye" : "lost");
    if (this.#name !== undefined) this.#logger.info("Sidecar disconnected");
    this.#options.onEnd();
  }

  #instant(): Instant {
    return { now: this.#options.clock.now(), wall: this.#options.clock.wallTime() };
  }
}

function refusalOf({ revision, code, message }: Nack): Reply {
  const cut = (text: string) => text.slice(0, deliveryLimits.nackMessage);
  return { revision, refusal: { code: cut(code), message: cut(message) } };
}
