import { SidegateClient } from "../../client/sidegate-client.ts";
import { toSidegateError } from "../asking/client-error.ts";
import type { ListSource } from "./list-source.ts";

/**
 * Lists from a running sidecar. Its pages reject with a SidegateError when there is no answer.
 *
 * @param timeout for each page, in milliseconds
 */
export function sidecarSource(address: string, timeout: number, signal: AbortSignal): ListSource {
  const client = new SidegateClient({ address, deadlineMs: timeout });
  const asked = async <T>(answer: Promise<T>): Promise<T> => {
    try {
      return await answer;
    } catch (error) {
      throw toSidegateError(error, address);
    }
  };
  return {
    permissions: (query, page) => asked(client.listPermissions(query, page, { signal })),
    subjects: (query, page) => asked(client.listSubjects(query, page, { signal })),
    scopes: (query, page) => asked(client.listScopes(query, page, { signal })),
    close: () => client.close(),
  };
}
