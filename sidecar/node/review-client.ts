/**
 * Asks the operator who calls, on a connection of its own.
 *
 * States: closed, open (to one replica). A call opens it; a failure, or ten minutes, close it, so that the sidecar's own token,
 * which goes with each call, is read again long before it ends, and the next call goes to another replica.
 */
import type { ChannelOptions } from "@grpc/grpc-js";
import type { Logger } from "pino";
import { messageOf } from "../../engine/errors/message-of.ts";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import type { Clock } from "../../host/clock.ts";
import { Semaphore } from "../../host/semaphore.ts";
import { callersService } from "../../proto/callers-service.ts";
import type { ReviewCallerResponse } from "../../proto/generated/callers.js";
import { type OperatorAccess, type OperatorChannel, openChannel } from "../delivery/operator-access.ts";
import { OperatorResolver } from "../delivery/resolve-operators.ts";
import type { Review } from "./review.ts";

export interface ReviewClientOptions {
  readonly operators: readonly string[];
  readonly access?: OperatorAccess | undefined;
  readonly clock: Clock;
  /** A number from 0 up to but not including 1. */
  readonly random: () => number;
  readonly logger: Logger;
}

const OPTIONS: ChannelOptions = {
  "grpc.enable_channelz": 0,
  "grpc.enable_retries": 0,
  "grpc.service_config_disable_resolution": 1,
  "grpc.enable_http_proxy": 0,
  "grpc.use_local_subchannel_pool": 1,
};

const LIFE_MS = 600_000;
/**
 * Of each attempt. The first one ends in time for another replica to be asked while callers wait; the last one leaves a slow
 * operator the time to answer, for when they ask again.
 */
const DEADLINES_MS = [2_000, 4_000];
/**
 * Questions at a time, and those that may wait: more come only from a pod that makes up tokens. A replica closes a connection that
 * has it ask about twice as many (operator/delivery/reception).
 */
const AT_ONCE = 16;
const WAITING = 256;

type Open = OperatorChannel & { readonly address: string; readonly until: number };

export class ReviewClient {
  readonly #options: ReviewClientOptions;
  readonly #resolver: OperatorResolver;
  readonly #turns = new Semaphore(AT_ONCE);
  #open: Open | undefined;
  /** The replica of which a call failed last. */
  #failed: string | undefined;
  #pending = 0;

  constructor(options: ReviewClientOptions) {
    this.#options = options;
    this.#resolver = new OperatorResolver(options.operators);
  }

  /** As `Review` says. */
  readonly review: Review = async (token, domain) => {
    if (this.#pending >= AT_ONCE + WAITING)
      throw new SidegateError("SG3304", `${this.#pending} other questions are under way`);
    this.#pending++;
    try {
      return await this.#turns.run(() => this.#review(token, domain));
    } finally {
      this.#pending--;
    }
  };

  close(): void {
    this.#open?.client.close();
    this.#open = undefined;
  }

  async #review(token: string, domain: string): Promise<ReviewCallerResponse> {
    let last: unknown;
    for (const deadlineMs of DEADLINES_MS) {
      let open: Open | undefined;
      try {
        open = await this.#channel();
        return await ask(open, token, domain, this.#options.clock.wallTime() + deadlineMs);
      } catch (error) {
        last = error;
        this.#failed = open?.address;
        if (open !== undefined && this.#open === open) this.close();
      }
    }
    const text = messageOf(last);
    this.#options.logger.warn({ domain, error: text }, "Could not ask the operator who a caller is");
    throw new SidegateError("SG3304", text, { cause: last });
  }

  async #channel(): Promise<Open> {
    const { access = {}, clock, random } = this.#options;
    if (this.#open !== undefined && clock.now() < this.#open.until) return this.#open;
    const replicas = await this.#resolver.resolve();
    const others = replicas.filter(({ address }) => address !== this.#failed);
    const choice = others.length > 0 ? others : replicas;
    const { address, host } = choice[Math.floor(random() * choice.length)] as (typeof replicas)[number];
    this.close();
    const until = clock.now() + LIFE_MS;
    this.#open = { ...openChannel(address, host, access, OPTIONS), address, until };
    return this.#open;
  }
}

function ask(
  { client, metadata }: OperatorChannel,
  token: string,
  domain: string,
  deadline: number,
): Promise<ReviewCallerResponse> {
  const { path, requestSerialize, responseDeserialize } = callersService.review;
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, response?: ReviewCallerResponse) =>
      error ? reject(error) : resolve(response as ReviewCallerResponse);
    const request = { token, domain };
    client.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      request,
      metadata,
      { deadline },
      done,
    );
  });
}
