import { request } from "undici";
import type { Credentials } from "../operator/kube/credentials.ts";

/** What an API server answered. */
export type Answer = Readonly<Record<string, unknown>> & {
  readonly metadata: { readonly name: string; readonly uid: string };
};

/** Requests that KubeApi has no word for: subresources, and objects whose kinds the operator does not know. */
export interface RawApi {
  /** Creates something. Rejects with the answer unless it is a success. */
  post(path: string, body: object): Promise<Answer>;
  delete(path: string): Promise<void>;
}

export function createRawApi(credentials: Credentials): RawApi {
  const call = async (method: "POST" | "DELETE", path: string, body?: object): Promise<Answer> => {
    const { server, headers, dispatcher } = await credentials.access();
    const answer = await request(server + path, {
      ...{ method, dispatcher, headers: { ...headers, "content-type": "application/json" } },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${text}`);
    return JSON.parse(text) as Answer;
  };
  return {
    post: (path, body) => call("POST", path, body),
    async delete(path) {
      await call("DELETE", path);
    },
  };
}
