/**
 * A server to measure, as a process of its own: `node bench/check-server.ts constant|sidegate [BINDINGS]`. Prints its
 * port once it answers. "constant" is the floor: grpc-js with one ready answer.
 */
import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from "@grpc/grpc-js";
import pino from "pino";
import { DomainCompiler } from "../engine/compile/domain-compiler.ts";
import { Policy } from "../engine/policy/policy.ts";
import { CheckResponse, Reason } from "../proto/generated/decision.js";
import { sidegateService } from "../proto/sidegate-service.ts";
import { createSystemClock } from "../sidecar/clock.ts";
import { DecisionServer } from "../sidecar/server/decision-server.ts";
import { HealthBoard } from "../sidecar/server/health-board.ts";
import { Snapshots } from "../sidecar/snapshot/snapshots.ts";
import { generateWorld } from "./generate-world.ts";

const [kind, bindings = "100000"] = process.argv.slice(2);
console.log(kind === "constant" ? await constant() : await sidegate(Number(bindings)));

function constant(): Promise<number> {
  const answer = {
    allowed: true,
    reason: Reason.ALLOWED,
    publicReason: Reason.ALLOWED,
    revision: "0".repeat(64),
  };
  const ready = CheckResponse.encode(answer).finish();
  const server = new Server({ "grpc.enable_channelz": 0 });
  const pass = (bytes: Buffer) => bytes;
  const handler = (_call: ServerUnaryCall<Buffer, Buffer>, respond: sendUnaryData<Buffer>) =>
    respond(null, ready);
  server.register(sidegateService.check.path, handler, pass, pass, "unary");
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    );
  });
}

async function sidegate(count: number): Promise<number> {
  const clock = createSystemClock();
  const compiler = new DomainCompiler("bench");
  for (const object of generateWorld({ organizations: 100, bindings: count })) compiler.put(object);
  const compiled = compiler.compile({});
  const bytes = new Map(compiled.shards.map((shard) => [shard.hash, shard.bytes]));
  const snapshots = new Snapshots({ domains: ["bench"], clock });
  snapshots.swap(
    Policy.load(compiled, (hash) => bytes.get(hash)!),
    clock.wallTime(),
  );
  const server = new DecisionServer({
    ...{ policies: snapshots, board: new HealthBoard(), clock, logger: pino({ enabled: false }) },
  });
  const address = await server.listen({ host: "127.0.0.1", port: 0 });
  return "port" in address ? address.port : 0;
}
