import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { loadCrds } from "./load-crds.ts";
import { startFakeApiServer } from "./start.ts";

// Runs the fake as a process, for kubectl and for tests that kill it:
//   node test/fake-apiserver/main.ts [--port N] [--token TEXT] [--kubeconfig FILE] [--crds FOLDER]
const { values } = parseArgs({
  options: {
    port: { type: "string" },
    token: { type: "string" },
    kubeconfig: { type: "string" },
    crds: { type: "string" },
  },
});
const server = await startFakeApiServer({
  ...(values.crds !== undefined && { types: loadCrds(values.crds) }),
  ...(values.port !== undefined && { port: Number(values.port) }),
  ...(values.token !== undefined && { token: values.token }),
});
if (values.kubeconfig !== undefined) writeFileSync(values.kubeconfig, server.kubeconfig());
process.stdout.write(`${server.url}\n`);
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void server.stop().then(() => process.exit(0)));
}
