import { createReadStream } from "node:fs";
import { messageOf } from "../../engine/errors/message-of.ts";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import { limits } from "../../engine/model/limits.ts";

/**
 * Reads a token, without the white space around it. Of a longer file no more is read than shows that it is too long.
 *
 * @param file "-": standard input
 * @throws SidegateError SG5020 for a file that can not be read or holds nothing, SG3001 for a token over the limit
 */
export async function readTokenFile(file: string): Promise<string> {
  let text = "";
  try {
    for await (const chunk of file === "-" ? process.stdin : createReadStream(file)) {
      text = (text + String(chunk)).trimStart();
      if (text.trimEnd().length > limits.token) break;
    }
  } catch (error) {
    throw new SidegateError("SG5020", messageOf(error), { cause: error });
  }
  const token = text.trimEnd();
  if (token === "") {
    throw new SidegateError("SG5020", `${file === "-" ? "standard input" : file} holds nothing`);
  }
  if (token.length > limits.token) {
    throw new SidegateError("SG3001", `token has more than ${limits.token} characters`);
  }
  return token;
}
