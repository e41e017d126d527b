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
 */
import type { Logger } from "pino";
import { SidegateError } from "../../../engine/errors/sidegate-error.ts";
import { deliveryLimits } from "../../../engine/model/delivery-limits.ts";
import type { Nack, SyncRequest } from "../../../proto/generated/delivery.js";
import type { Reply } from "../push/judge-reply.ts";
import { toStatus } from "../reception/to-status.ts";
import type { ConnectionOptions } from "./connection-options.ts";
import { nameOf, type SidecarName } from "./name-sidecar.ts";
import { readHello, type SidecarHello } from "./read-hello.ts";
import { reportEnd } from "./report-end.ts";
import { ServedSidecar } from "./served-sidecar.ts";
import { StreamLease } from "./stream-lease.ts";
import { StreamWatch } from "./stream-watch.ts";

export class Connection {
  readonly #options: ConnectionOptions;
  readonly #watch: StreamWatch;
  readonly #cancelHello: () => void;
  #logger: Logger;
  #state: "greeting" | "authorizing" | "serving" | "draining" | "ended" = "greeting";
  /** What a draining stream ends with. */
  #farewell = new SidegateError("SG2105", "the operator's replica is shutting down");
  #saidGoodbye = false;
  #name: SidecarName | undefined;
  #lease: StreamLease | undefined;
  /** From Hello on. */
  #sidecar: ServedSidecar | undefined;

  constructor(options: ConnectionOptions) {
    const { call, clock, logger, settings } = options;
    this.#options = options;
    this.#logger = logger.child({ peer: call.getPeer() });
    this.#watch = new StreamWatch({
      ...{ clock, heartbeatMs: settings.heartbeatMs },
      stalled: (now) => this.#sidecar?.stalled(now),
      onDead: (error) => this.#end(error),
    });
    this.#cancelHello = clock.after(settings.helloMs, () => this.#end(this.#lateness()));
    call.on("data", (message: SyncRequest) => this.#receive(message));
    call.on("end", () => this.#end(undefined));
    call.on("cancelled", () => this.#forget());
    call.on("error", () => this.#forget());
  }

  /** The current policy of a domain has changed. */
  changed(domain: string): void {
    this.#sidecar?.changed(domain);
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
    this.#watch.heard();
    try {
      if (this.#state === "greeting") this.#greet(message);
      else if (message.ack) this.#reply(message.ack.domain, { revision: message.ack.revision });
      else if (message.nack) this.#reply(message.nack.domain, refusalOf(message.nack));
      else if (message.goodbye) this.#sendOff();
      else if (message.hello) throw new SidegateError("SG2006", "hello came a second time");
      this.#sidecar?.pump();
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
        this.#sidecar?.pump();
        call.resume();
      },
      (error) => this.#end(error),
    );
  }

  #serve(hello: SidecarHello): void {
    const { call, admission, onServing } = this.#options;
    this.#cancelHello();
    const name = nameOf(hello.sidecar, admission?.identity);
    this.#name = name;
    this.#logger = this.#logger.child({ sidecar: name.sidecar });
    onServing(name);
    this.#sidecar = new ServedSidecar({
      ...this.#options,
      ...{ stream: call, peer: call.getPeer(), hello, name, logger: this.#logger },
      seenAt: () => this.#watch.seenAt,
      isDraining: () => this.#state === "draining",
    });
    this.#sidecar.join();
    this.#state = "serving";
    const domains = hello.domains.map(({ domain }) => domain);
    this.#startLease(domains);
    this.#logger.info({ version: hello.version, domains }, "Sidecar connected");
    this.#watch.start();
  }

  #startLease(domains: readonly string[]): void {
    const { admission, clock, settings } = this.#options;
    if (admission === undefined) return;
    this.#lease = new StreamLease({
      ...admission,
      ...{ domains, clock, recheckMs: settings.recheckMs },
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
    if (this.#sidecar === undefined)
      throw new SidegateError("SG2006", "a reply came before hello was accepted");
    this.#sidecar.reply(domain, reply);
    this.#endIfDrained();
  }

  #sendOff(): void {
    this.#saidGoodbye = true;
    this.#end(undefined);
  }

  #endIfDrained(): void {
    if (this.#state === "draining" && (this.#sidecar?.isIdle ?? true)) this.#end(this.#farewell);
  }

  /** Ends the stream; without an error because the sidecar ended its side. */
  #end(error: unknown): void {
    if (this.#state === "ended") return;
    this.#forget();
    const { call, admission, refusals } = this.#options;
    if (error === undefined) {
      call.end();
      return;
    }
    const whose = { peer: call.getPeer(), user: admission?.identity.user, name: this.#name };
    reportEnd(whose, error, this.#logger, refusals);
    call.emit("error", toStatus(error));
  }

  #forget(): void {
    if (this.#state === "ended") return;
    this.#state = "ended";
    this.#cancelHello();
    this.#watch.stop();
    this.#lease?.stop();
    this.#sidecar?.leave(this.#saidGoodbye ? "goodbye" : "lost");
    this.#sidecar = undefined;
    if (this.#name !== undefined) this.#logger.info("Sidecar disconnected");
    this.#options.onEnd();
  }
}

function refusalOf({ revision, code, message }: Nack): Reply {
  const cut = (text: string) => text.slice(0, deliveryLimits.nackMessage);
  return { revision, refusal: { code: cut(code), message: cut(message) } };
}
