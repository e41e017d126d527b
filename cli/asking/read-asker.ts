import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import type { AskerOptions } from "./asker-options.ts";
import { readTokenFile } from "./read-token-file.ts";

/** Who asks, with the token read. */
export interface Asker extends Omit<AskerOptions, "tokenFile"> {
  readonly token?: string;
}

/** @throws SidegateError SG5001 where nobody asks; SG5020 and SG3001 as `readTokenFile` */
export async function readAsker(options: AskerOptions): Promise<Asker> {
  const { tokenFile, ...asker } = options;
  if (tokenFile !== undefined) return { ...asker, token: await readTokenFile(tokenFile) };
  if (asker.subject !== undefined) return asker;
  throw new SidegateError("SG5001", "name who asks with --subject, or give a token with --token-file");
}

/** "User:ada", as results print it. */
export function formatAsker({ subject }: Asker): string {
  return subject === undefined ? "the token's subject" : `${subject.kind}:${subject.name}`;
}
