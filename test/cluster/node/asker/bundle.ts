import { join } from "node:path";
import { build } from "rolldown";

/** The application of the suites' pods with all that it imports, as one file that fits into a ConfigMap. */
export async function bundleAsker(): Promise<string> {
  const { output } = await build({
    input: join(import.meta.dirname, "main.ts"),
    platform: "node",
    write: false,
    logLevel: "warn",
    output: { format: "esm", minify: true, codeSplitting: false },
  });
  return output[0].code;
}
