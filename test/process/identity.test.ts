import { afterAll } from "vitest";
import { type FakeApiServer, startFakeApiServer } from "../fake-apiserver/start.ts";
import { describeIdentity } from "../operator/identity-behaviour.ts";
import { podIdentity, tokenText } from "../support/tokens.ts";

let server: FakeApiServer;

describeIdentity(async () => {
  server = await startFakeApiServer();
  return {
    kubeconfig: server.kubeconfig(),
    createAccount: async () => {},
    async issueToken(namespace, account, audience) {
      const token = tokenText({ audiences: [audience], expiresAt: Math.floor(Date.now() / 1_000) + 3_600 });
      const { extra: _, ...identity } = podIdentity(namespace, account, "");
      server.reviews.setToken(token, { ...identity, audiences: [audience] });
      return token;
    },
    revokeToken: async (token) => server.reviews.setToken(token, undefined),
    async allowSync(namespace, account) {
      const user = `system:serviceaccount:${namespace}:${account}`;
      const right = { verb: "sync", group: "sidegate.dev", resource: "accessdomains", namespace };
      server.reviews.allow({ user, ...right });
    },
  };
});

afterAll(() => server?.stop());
