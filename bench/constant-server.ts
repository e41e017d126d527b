/**
 * The floor of a check over gRPC, forked: a grpc-js server that gives one ready answer, with the settings and over the
 * sockets that a sidecar has. `constant-server.ts SOCKET`; sends its port once it answers.
 */
import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from "@grpc/grpc-js";
import { CheckResponse, Reason } from "../proto/generated/decision.js";
import { sidegateService } from "../proto/sidegate-service.ts";

const answer = CheckResponse.encode({
  allowed: true,
  reason: Reason.ALLOWED,
  publicReason: Reason.ALLOWED,
  revision: "0".repeat(64),
}).finish();
const pass = (bytes: Buffer): Buffer => bytes;
const server = new Server({ "grpc.enable_channelz": 0 });
const handler = (_call: ServerUnaryCall<Buffer, Buffer>, respond: sendUnaryData<Buffer>) =>
  respond(null, answer);
server.register(sidegateService.check.path, handler, pass, pass, "unary");
await bind(`unix:${process.argv[2]}`);
process.send?.(await bind("127.0.0.1:0"));
process.on("disconnect", () => process.exit());

function bind(address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    );
  });
}
