/** Where a key set may be fetched from without TLS: nobody but the machine itself can listen there or in between. */
const LOOPBACK: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * Reads the address of a key set: https, or http on a loopback address, without user name and password.
 *
 * @returns or what is wrong with it, as a sentence without full stop
 */
export function readKeyAddress(text: string): URL | string {
  const url = URL.parse(text);
  if (url === null) return "the address can not be read";
  const isPlainLoopback = url.protocol === "http:" && LOOPBACK.has(url.hostname);
  if (url.protocol !== "https:" && !isPlainLoopback) return "keys are fetched over https only";
  if (url.username !== "" || url.password !== "") return "the address has a user name or a password in it";
  return url;
}
