import { createHash } from "node:crypto";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";

/**
 * The form of the small files of the last known good: one line that names the kind of file, the version of its format
 * and the SHA-256 of the rest, then JSON.
 *
 *   sidegate policy 1 sha256:0f3c...
 *   {"domain":"shop",...}
 */
const HEADER = /^sidegate ([a-z]+) ([0-9]{1,6}) sha256:([0-9a-f]{64})$/;
const HEADER_BYTES = 120;

/** Puts JSON under a header. */
export function wrap(kind: string, format: number, content: unknown): Buffer {
  const body = `${JSON.stringify(content)}\n`;
  return Buffer.from(`sidegate ${kind} ${format} sha256:${digest(Buffer.from(body))}\n${body}`);
}

/**
 * The JSON of a file. Throws SG2201 with the reason where the file is not exactly what `wrap` wrote for this kind and
 * format.
 */
export function unwrap(kind: string, format: number, bytes: Buffer): unknown {
  if (bytes.length === 0) throw damaged("the file is empty");
  const end = bytes.subarray(0, HEADER_BYTES).indexOf("\n");
  const header = HEADER.exec(bytes.subarray(0, Math.max(end, 0)).toString("latin1"));
  if (header === null) throw damaged("the first line is not the header of such a file");
  const [, foundKind, foundFormat, checksum] = header;
  if (foundKind !== kind) throw damaged(`it is a file of kind "${foundKind}", not "${kind}"`);
  if (foundFormat !== String(format))
    throw damaged(`format version ${foundFormat} is not known, only ${format}`);
  const body = bytes.subarray(end + 1);
  if (digest(body) !== checksum) throw damaged("the checksum differs, so the content was cut or changed");
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw damaged("the content is not JSON");
  }
}

function digest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** An SG2201 that says what is wrong with a file. */
export function damaged(reason: string): SidegateError {
  return new SidegateError("SG2201", reason);
}
