import { join } from "node:path";
import { expect, vi } from "vitest";
import { build } from "../worlds/build.ts";
import { test } from "./deployment.ts";
import { runCli } from "./run-cli.ts";

const organization = build("Organization", "acme", {});

test("the fleet of an operator is shown, and exit codes say whether all are current", {
  timeout: 90_000,
}, async ({ deploy }) => {
  const deployment = await deploy();
  deployment.put(organization);
  const admin = `unix:${join(deployment.folder, "admin.sock")}`;
  await deployment.startOperator({ args: ["--admin", admin] });
  const none = await runCli(["fleet", "--address", admin]);
  expect(none).toMatchObject({ code: 0, stdout: "No sidecar is connected.\n" });

  await deployment.startSidecar("one");
  await deployment.startSidecar("two");
  await vi.waitFor(
    async () => {
      const { code, stdout } = await runCli(["fleet", "--address", admin]);
      expect(stdout).toMatch(/2 of 2 decide by the current policy/);
      expect(stdout).toMatch(/^DOMAIN +SIDECAR +REVISION +LAG +LAST CONTACT/);
      expect(code).toBe(0);
    },
    { timeout: 60_000, interval: 200 },
  );
  const other = await runCli(["fleet", "--address", admin, "-n", "elsewhere", "-o", "json"]);
  expect(JSON.parse(other.stdout)).toEqual([]);
});

test("an operator that does not answer administrators is a clear error", async () => {
  const { code, stderr } = await runCli(["fleet", "--address", "127.0.0.1:1", "--timeout", "2"]);
  expect(code).toBe(2);
  expect(stderr).toContain("SG5032 OperatorUnreachable");
});
