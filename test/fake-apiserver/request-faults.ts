import { failure, type Status } from "./api-error.ts";

/** What a fault can look at to decide whether it is meant. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly watch: boolean;
}

export type Matcher = (request: SeenRequest) => boolean;

/** How a request is to be answered instead of by the server. */
export interface Failure {
  readonly code: number;
  /** Of the Status; taken from the code by default. */
  readonly reason?: string;
  readonly message?: string;
  readonly retryAfterSeconds?: number;
}

interface Planned {
  left: number;
  readonly status: Status;
  readonly match: Matcher;
}

const reasons: Readonly<Record<number, string>> = {
  400: "BadRequest",
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  409: "Conflict",
  410: "Expired",
  422: "Invalid",
  429: "TooManyRequests",
  500: "InternalError",
  503: "ServiceUnavailable",
  504: "Timeout",
};

/** The faults that change how requests are answered, before they reach the API. */
export class RequestFaults {
  #planned: Planned[] = [];
  #delays: { readonly milliseconds: number; readonly match: Matcher }[] = [];

  /** Answers the next `count` requests that match with a failure. */
  failNext(count: number, answer: Failure, match: Matcher = () => true): void {
    const { code, retryAfterSeconds } = answer;
    const message = answer.message ?? `injected ${code}`;
    const details = retryAfterSeconds === undefined ? undefined : { retryAfterSeconds };
    this.#planned.push({
      left: count,
      status: failure(code, answer.reason ?? reasons[code] ?? "", message, details),
      match,
    });
  }

  /** Holds back the answers to requests that match; the returned function ends it. */
  delay(milliseconds: number, match: Matcher = () => true): () => void {
    const entry = { milliseconds, match };
    this.#delays.push(entry);
    return () => {
      this.#delays = this.#delays.filter((other) => other !== entry);
    };
  }

  /** Forgets all planned failures and delays. */
  clear(): void {
    this.#planned = [];
    this.#delays = [];
  }

  /** The failure that is due for a request; counts it. */
  take(request: SeenRequest): Status | undefined {
    const planned = this.#planned.find((entry) => entry.left > 0 && entry.match(request));
    if (planned === undefined) return undefined;
    planned.left--;
    this.#planned = this.#planned.filter((entry) => entry.left > 0);
    return planned.status;
  }

  delayOf(request: SeenRequest): number {
    return this.#delays.reduce((sum, entry) => sum + (entry.match(request) ? entry.milliseconds : 0), 0);
  }
}
