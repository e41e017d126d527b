import { type CallOptions, Client, credentials, Metadata } from "@grpc/grpc-js";
import type { Input } from "../proto/message-type.ts";
import type { Method } from "../proto/method.ts";
import { sidegateService } from "../proto/sidegate-service.ts";
import type { Check, Decision } from "./check.ts";
import { toDecision, toRequest } from "./convert.ts";
import { CheckFailedError, checkFailed, fromServiceError } from "./errors.ts";
import { type Explained, toExplained } from "./explain.ts";
import {
  type GrantAnswer,
  type Grantable,
  type GrantableQuery,
  type GrantQuestion,
  toGrantAnswer,
  toGrantablePage,
  toGrantableRequest,
  toGrantRequest,
} from "./grants.ts";
import {
  type HeldPermission,
  type HeldScope,
  type HoldingSubject,
  type Page,
  type PageOptions,
  type PermissionsQuery,
  type ScopesQuery,
  type SubjectsQuery,
  toListRequest,
  toPermissionPage,
  toScopePage,
  toSubjectPage,
} from "./lists.ts";
import type { SidegateClientOptions } from "./options.ts";
import { TokenFile } from "./token-file.ts";
import { withEnvironment } from "./with-environment.ts";

export interface CheckOptions {
  /** How long the call may take, in milliseconds. */
  readonly deadlineMs?: number;
  /** Ends the call early. */
  readonly signal?: AbortSignal;
}

const DEFAULT_ADDRESS = "unix:/run/sidegate/sidegate.sock";

/** The largest answer to a batch of a thousand explained checks fits in it many times. */
const MAX_RESPONSE_BYTES = 16 * 1024 * 1024;

/**
 * Asks a Sidegate sidecar. Connects at the first call, reconnects by itself, is safe to share, and holds the process
 * open while calls are under way only.
 *
 * ```ts
 * const sidegate = new SidegateClient();
 * const { allowed } = await sidegate.check({
 *   subject: { kind: "User", name: "alice" },
 *   permission: "logs:view",
 *   scope: "environment/acme-prod",
 * });
 * ```
 */
export class SidegateClient {
  readonly #options: SidegateClientOptions;
  readonly #token: TokenFile | undefined;
  readonly #client: Client;

  constructor(options: SidegateClientOptions = {}) {
    const { address, domain, tokenFile } = withEnvironment(options, process.env);
    this.#options = { ...options, domain };
    this.#token = tokenFile === undefined ? undefined : new TokenFile(tokenFile);
    this.#client = new Client(address ?? DEFAULT_ADDRESS, credentials.createInsecure(), {
      "grpc.enable_channelz": 0,
      // A sidecar is never behind a proxy, whatever the environment of the process says.
      "grpc.enable_http_proxy": 0,
      "grpc.service_config_disable_resolution": 1,
      "grpc.max_receive_message_length": MAX_RESPONSE_BYTES,
      "grpc.initial_reconnect_backoff_ms": 100,
      "grpc.max_reconnect_backoff_ms": 5_000,
    });
  }

  /** Answers one question. A denial is an answer; rejects with a CheckFailedError when there is none. */
  async check(check: Check, options: CheckOptions = {}): Promise<Decision> {
    const request = toRequest(check, this.#options.domain);
    return toDecision(await this.#call(sidegateService.check, request, options));
  }

  /**
   * Answers up to 1,000 questions at one revision, in their order. A question without an answer has its error in its
   * place; rejects with a CheckFailedError when the whole batch has none.
   */
  async batchCheck(
    checks: readonly Check[],
    options: CheckOptions = {},
  ): Promise<(Decision | CheckFailedError)[]> {
    const request = { checks: checks.map((check) => toRequest(check, this.#options.domain)) };
    const { results } = await this.#call(sidegateService.batchCheck, request, options);
    if (results.length !== checks.length) {
      throw new CheckFailedError(
        `Asked ${checks.length} questions, got ${results.length} answers`,
        "INTERNAL",
      );
    }
    return results.map(({ response, error }) => {
      if (response !== null) return toDecision(response);
      if (error !== null) return checkFailed(error.reason, error.message, error.status);
      return new CheckFailedError("The sidecar sent an empty result", "INTERNAL");
    });
  }

  /** Decides as `check` does and says why. For operators. Rejects with a CheckFailedError when there is no answer. */
  async explain(check: Check, options: CheckOptions = {}): Promise<Explained> {
    const request = toRequest(check, this.#options.domain);
    return toExplained(await this.#call(sidegateService.explain, request, options));
  }

  /** One page of what a subject may do at a scope. Rejects with a CheckFailedError. */
  async listPermissions(
    query: PermissionsQuery,
    page: PageOptions = {},
    options: CheckOptions = {},
  ): Promise<Page<HeldPermission>> {
    const request = toListRequest(query, page, this.#options.domain);
    return toPermissionPage(await this.#call(sidegateService.listPermissions, request, options));
  }

  /** One page of those who have a permission at a scope. Rejects with a CheckFailedError. */
  async listSubjects(
    query: SubjectsQuery,
    page: PageOptions = {},
    options: CheckOptions = {},
  ): Promise<Page<HoldingSubject>> {
    const request = toListRequest(query, page, this.#options.domain);
    return toSubjectPage(await this.#call(sidegateService.listSubjects, request, options));
  }

  /** One page of where a subject has a permission, or any. Rejects with a CheckFailedError. */
  async listScopes(
    query: ScopesQuery,
    page: PageOptions = {},
    options: CheckOptions = {},
  ): Promise<Page<HeldScope>> {
    const request = toListRequest(query, page, this.#options.domain);
    return toScopePage(await this.#call(sidegateService.listScopes, request, options));
  }

  /** Whether a subject may give a role or take it away. A no is an answer; rejects with a CheckFailedError when there is none. */
  async canGrant(question: GrantQuestion, options: CheckOptions = {}): Promise<GrantAnswer> {
    const request = toGrantRequest(question, this.#options.domain);
    return toGrantAnswer(await this.#call(sidegateService.canGrant, request, options));
  }

  /** One page of the roles that a subject may give or take at a scope and below it. Rejects with a CheckFailedError. */
  async listGrantable(
    query: GrantableQuery,
    page: PageOptions = {},
    options: CheckOptions = {},
  ): Promise<Page<Grantable>> {
    const request = toGrantableRequest(query, page, this.#options.domain);
    return toGrantablePage(await this.#call(sidegateService.listGrantable, request, options));
  }

  /** Closes the connection. Calls under way end, later ones fail. */
  close(): void {
    this.#client.close();
  }

  #call<Request, Response>(
    method: Method<Request, Response>,
    request: Input<Request>,
    { deadlineMs = this.#options.deadlineMs ?? 5_000, signal }: CheckOptions,
  ): Promise<Response> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const metadata = new Metadata();
      if (this.#token !== undefined) metadata.set("authorization", `Bearer ${this.#token.read()}`);
      const options: CallOptions = { deadline: Date.now() + deadlineMs };
      const call = this.#client.makeUnaryRequest(
        method.path,
        method.requestSerialize,
        method.responseDeserialize,
        request,
        metadata,
        options,
        (error, response) => {
          signal?.removeEventListener("abort", abort);
          if (error !== null) reject(signal?.aborted ? signal.reason : fromServiceError(error));
          else resolve(response as Response);
        },
      );
      const abort = () => call.cancel();
      signal?.addEventListener("abort", abort);
    });
  }
}
