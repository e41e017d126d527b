/** A kubeconfig for a server without TLS; JSON, which is YAML too. */
export function kubeconfigOf(url: string, token: string | undefined): string {
  // @kubernetes/client-node takes no plain HTTP without it.
  const cluster = { server: url, "insecure-skip-tls-verify": true };
  const config = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": "fake",
    clusters: [{ name: "fake", cluster }],
    users: [{ name: "fake", user: token === undefined ? {} : { token } }],
    contexts: [{ name: "fake", context: { cluster: "fake", user: "fake", namespace: "default" } }],
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
