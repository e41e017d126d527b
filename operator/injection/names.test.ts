import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { annotations, env, INJECT_LABEL, INJECTED_ANNOTATION, ports, volumes } from "./names.ts";
import { defaultInjectionSettings } from "./settings.ts";

const page = readFileSync(join(import.meta.dirname, "../../docs/reference/injection.md"), "utf8");

it("is all in the reference: names, ports and settings", () => {
  const settings = [...Object.keys(defaultInjectionSettings), "image", "operators", "serverName"];
  const names = [INJECT_LABEL, INJECTED_ANNOTATION, ...Object.values({ ...annotations, ...volumes, ...env })];
  const lacking = [...names, ...settings, ...Object.values(ports).map(String)].filter(
    (name) => !page.includes(name),
  );
  expect(lacking).toEqual([]);
});
