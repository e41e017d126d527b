import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Server, ServerCredentials, type sendUnaryData } from "@grpc/grpc-js";
import { expect, it, onTestFinished } from "vitest";
import type { SidegateError } from "../../engine/errors/sidegate-error.ts";
import { createSystemClock } from "../../host/clock.ts";
import { callersService } from "../../proto/callers-service.ts";
import type { ReviewCallerResponse } from "../../proto/generated/callers.js";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { silent } from "../../test/support/silent-logger.ts";
import { ReviewClient } from "./review-client.ts";

it("turns questions away beyond those that may wait, and the others when the operator is not there", async () => {
  const client = new ReviewClient({
    operators: ["unix:/nonexistent/sidegate.sock"],
    clock: new ManualClock(Date.now()),
    random: () => 0,
    logger: silent,
  });
  const questions = Array.from({ length: 300 }, (_, place) =>
    client.review(`t${place}`, "").catch((error: unknown) => error as SidegateError),
  );
  const errors = (await Promise.all(questions)) as SidegateError[];
  expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(["SG3304"]));
  expect(errors.filter(({ message }) => message.includes("other questions"))).toHaveLength(28);
  client.close();
});

it("asks another replica where the first one does not answer, also where chance has the first again", async () => {
  const folder = mkdtempSync(join(tmpdir(), "review-"));
  const address = `unix:${join(folder, "operator.sock")}`;
  const server = new Server();
  const answer = { domain: "shop", user: "ann", expiresAt: 0, refusal: null };
  server.addService(callersService, {
    review: (_call: unknown, reply: sendUnaryData<ReviewCallerResponse>) => reply(null, answer),
  });
  await new Promise<void>((resolve, reject) => {
    const done = (error: Error | null) => (error ? reject(error) : resolve());
    server.bindAsync(address, ServerCredentials.createInsecure(), done);
  });
  const client = new ReviewClient({
    operators: ["unix:/nonexistent/sidegate.sock", address],
    clock: createSystemClock(),
    random: () => 0,
    logger: silent,
  });
  onTestFinished(() => {
    client.close();
    server.forceShutdown();
    rmSync(folder, { recursive: true });
  });
  expect(await client.review("token", "shop")).toMatchObject({ domain: "shop", user: "ann" });
});
