import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { startFakeApiServer } from "./start.ts";

// Runs the fake as a process, for kubectl and for tests that kill it:
//   node test/fake-apiserver/main.ts [--port N] [--token TEXT] [--kubeconfig FILE]
const { values } = parseArgs({
  options: { port: { type: "string" }, token: { type: "string" }, kubeconfig: { type: "string" } },
});
const server = await startFakeApiServer({
  ...(values.port !== undefined && { port: Number(values.port) }),
  ...(values.token !== undefined && { token: values.token }),
});
if (values.kubeconfig !== undefined) writeFileSync(values.kubeconfig, server.kubeconfig());
process.stdout.write(`${server.url}\n`);
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void server.stop().then(() => process.exit(0)));
}
