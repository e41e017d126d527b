import { type ErrorCode, errors } from "./registry.ts";

/**
 * An error that a person is meant to read: a registered code, a sentence about this case and the remedy. Everything
 * else that is thrown is a defect.
 */
export class SidegateError extends Error {
  readonly code: ErrorCode;

  /** @param detail what is wrong in this case, naming the object and the field; without a full stop at the end */
  constructor(code: ErrorCode, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.name = "SidegateError";
    this.code = code;
  }

  get reason(): string {
    return errors[this.code].reason;
  }

  get remedy(): string {
    return errors[this.code].remedy;
  }
}
