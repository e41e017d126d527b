import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { describeIdentity } from "../operator/identity-behaviour.ts";
import { type Answer, ApiServer } from "./api-server.ts";
import { applyCrds } from "./apply-crds.ts";

/** Tokens, service accounts and RBAC as Kubernetes itself has them. */
describeIdentity(async () => {
  const path = process.env.KUBECONFIG;
  if (path === undefined) throw new Error("KUBECONFIG must name a cluster to test with");
  const server = new ApiServer(path);
  await applyCrds(server);
  // A token is bound to a Secret, so that it can be taken back by deleting that.
  const secrets = new Map<string, string>();
  const create = async (path: string, body: object): Promise<Answer["body"]> => {
    const answer = await server.call({ method: "POST", path, body });
    if (answer.status >= 300) throw new Error(`POST ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const rbac = "rbac.authorization.k8s.io";
  return {
    kubeconfig: readFileSync(path, "utf8"),
    async createAccount(namespace, name) {
      await create(`/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name } });
    },
    async issueToken(namespace, account, audience) {
      const name = `token-${randomUUID().slice(0, 8)}`;
      const secretsPath = `/api/v1/namespaces/${namespace}/secrets`;
      const secret = await create(secretsPath, { metadata: { name } });
      const { uid } = secret.metadata as { uid: string };
      const boundObjectRef = { kind: "Secret", apiVersion: "v1", name, uid };
      const spec = { audiences: [audience], expirationSeconds: 600, boundObjectRef };
      const review = await create(`/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`, {
        spec,
      });
      const { token } = review.status as { token: string };
      secrets.set(token, `${secretsPath}/${name}`);
      return token;
    },
    async revokeToken(token) {
      await server.call({ method: "DELETE", path: secrets.get(token) ?? "" });
    },
    async allowSync(namespace, account) {
      const roles = `/apis/${rbac}/v1/namespaces/${namespace}`;
      const rules = [{ apiGroups: ["sidegate.dev"], resources: ["accessdomains"], verbs: ["sync"] }];
      await create(`${roles}/roles`, { metadata: { name: "sync" }, rules });
      await create(`${roles}/rolebindings`, {
        metadata: { name: "sync" },
        roleRef: { apiGroup: rbac, kind: "Role", name: "sync" },
        subjects: [{ kind: "ServiceAccount", namespace, name: account }],
      });
    },
  };
});
