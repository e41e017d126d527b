/**
 * Splits a stream of bytes into lines and calls `onLine` with each that is not empty, without its line feed. What
 * follows the last line feed is no line: a stream that breaks off in the middle of one has not said it.
 *
 * @throws RangeError when a line has more than `maxBytes`
 */
export async function readLines(
  stream: AsyncIterable<Uint8Array>,
  maxBytes: number,
  onLine: (line: string) => void,
): Promise<void> {
  const parts: Uint8Array[] = [];
  let pending = 0;
  for await (const chunk of stream) {
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      const tail = chunk.subarray(start, end);
      start = end + 1;
      if (pending + tail.length > maxBytes) throw new RangeError(`a line is longer than ${maxBytes} bytes`);
      const line = pending === 0 ? text(tail) : text(Buffer.concat([...parts, tail]));
      parts.length = 0;
      pending = 0;
      if (line !== "" && line !== "\r") onLine(line);
    }
    if (start < chunk.length) {
      parts.push(chunk.subarray(start));
      pending += chunk.length - start;
      if (pending > maxBytes) throw new RangeError(`a line is longer than ${maxBytes} bytes`);
    }
  }
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
}
