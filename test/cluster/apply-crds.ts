import { crds, operatorsCrds } from "../../crds/definitions.ts";
import type { ApiServer } from "./api-server.ts";

const ESTABLISHED_WITHIN_MS = 60_000;
const POLL_MS = 100;

/** Applies the CRDs and returns once the API server serves them all. Applying them again changes nothing. */
export async function applyCrds(server: ApiServer): Promise<void> {
  await Promise.all(
    [...crds, ...operatorsCrds].map(async (crd) => {
      const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${crd.metadata.name}`;
      const { status, body } = await server.call({
        method: "PATCH",
        path: `${path}?fieldManager=sidegate-test&force=true&fieldValidation=Strict`,
        body: crd,
        contentType: "application/apply-patch+yaml",
      });
      if (status !== 200 && status !== 201) throw new Error(`${crd.metadata.name}: ${JSON.stringify(body)}`);
      await served(server, `/apis/sidegate.dev/v1alpha1/${crd.spec.names.plural}?limit=1`);
    }),
  );
}

async function served(server: ApiServer, path: string): Promise<void> {
  const deadline = performance.now() + ESTABLISHED_WITHIN_MS;
  for (;;) {
    const { status, body } = await server.call({ method: "GET", path });
    if (status === 200) return;
    if (performance.now() > deadline) throw new Error(`${path} is not served: ${JSON.stringify(body)}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
