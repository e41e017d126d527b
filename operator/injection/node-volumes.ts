import { volumes } from "./names.ts";
import type { Volume } from "./pod.ts";
import type { InjectionSettings } from "./settings.ts";

/**
 * The volumes of a pod that asks the sidecar of its node: the directory with the socket, not the socket itself, which is
 * another file after each start of the sidecar; and a token that says to it who asks.
 */
export function nodeVolumes({ node, tokenSeconds }: InjectionSettings): Volume[] {
  const { directory, audience } = node;
  return [
    // "Directory": the pod waits until the node's sidecar has made it.
    { name: volumes.socket, hostPath: { path: directory, type: "Directory" } },
    {
      name: volumes.trust,
      projected: {
        defaultMode: 0o444,
        sources: [{ serviceAccountToken: { audience, expirationSeconds: tokenSeconds, path: "token" } }],
      },
    },
  ];
}
