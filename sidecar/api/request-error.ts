import { SidegateError } from "../../engine/errors/sidegate-error.ts";

/** A request that is malformed or over a limit. */
export class RequestError extends SidegateError {
  /** The field at fault as it stands in the .proto file, for example "subject.name". */
  readonly field: string;

  /** @param detail names the field and what to do about it; without a full stop at the end */
  constructor(field: string, detail: string) {
    super("SG3001", detail);
    this.field = field;
  }
}
