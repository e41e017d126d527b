import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { kinds, plurals } from "../../../engine/model/objects.generated.ts";
import { Installation, type Replica } from "./installation.ts";

const LIMIT = { timeout: 240_000 };

// The API server is told of the address before the process that serves there has begun, and again after it.
const port = await freePort();
const installation = new Installation(process.env.KUBECONFIG ?? "", {
  args: (namespace) => ["--webhooks", `127.0.0.1:${port}`, "--validating-webhook", namespace],
});
const { witness, server, namespace } = installation;
const configurations = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";
let replica: Replica;

beforeAll(async () => {
  await installation.begin();
  await installation.post(configurations, configuration());
  [[replica]] = (await installation.start(["pod-a"], ["one"])) as [[Replica], unknown];
  await replica.process.logged("Wrote the authorities that the API server trusts");
}, 150_000);
afterAll(async () => {
  await server.call({ method: "DELETE", path: `${configurations}/${namespace}` });
  await installation.end();
}, 120_000);
afterEach(() => witness.isContent());

/** What the chart has, for one namespace and an operator outside the cluster. */
function configuration(): object {
  return {
    metadata: { name: namespace },
    webhooks: [
      {
        name: "validate.sidegate.dev",
        clientConfig: { url: `https://localhost:${port}/validate` },
        admissionReviewVersions: ["v1"],
        sideEffects: "None",
        failurePolicy: "Fail",
        timeoutSeconds: 2,
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
        rules: [
          {
            apiGroups: ["sidegate.dev"],
            apiVersions: ["v1alpha1"],
            operations: ["CREATE", "DELETE"],
            resources: kinds.map((kind) => plurals[kind]),
          },
        ],
      },
    ],
  };
}

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address() as AddressInfo;
  listener.close();
  await once(listener, "close");
  return port;
}

const others = `/api/v1/namespaces/${namespace}/configmaps`;

describe("while the webhook", () => {
  test.each([
    ["is not there", "SIGKILL", /failed calling webhook.*connection refused/],
    ["hangs", "SIGSTOP", /failed calling webhook.*(deadline|timeout|Timeout)/],
  ] as const)(
    "%s, Sidegate's kinds can not be written, all others can, and decisions go on",
    LIMIT,
    async (name, signal, says) => {
      const id = name.replaceAll(" ", "-");
      await installation.isWell(`before-it-${id}`);
      replica.process.signal(signal);
      if (signal === "SIGKILL") await replica.process.ended;
      witness.expect(`while-it-${id}`, "NoGrant");
      await expect(installation.bind(`while-it-${id}`)).rejects.toThrow(says);
      await expect(installation.unbind(`before-it-${id}`)).rejects.toThrow(says);
      witness.expect(`before-it-${id}`, "Allowed");
      await installation.post(others, { metadata: { name: id } });
      expect((await server.call({ method: "DELETE", path: `${others}/${id}` })).status).toBe(200);
      await witness.hears(20);

      if (signal === "SIGKILL") replica = await installation.startReplica("pod-a");
      else replica.process.signal("SIGCONT");
      witness.expect(`while-it-${id}`, "NoGrant", "Allowed");
      // The API server's next call may still go to a connection of before.
      await expect
        .poll(() => installation.bind(`while-it-${id}`).then(String, String), { timeout: 60_000 })
        .not.toMatch(says);
      await installation.isWell(`after-it-${id}`);
    },
  );
});
