import { Client, credentials } from "@grpc/grpc-js";
import { messageOf } from "../../engine/errors/message-of.ts";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import { fleetService } from "../../proto/fleet-service.ts";
import type { SidecarState } from "../../proto/generated/fleet.js";

/**
 * Asks one replica of the operator for its sidecars.
 *
 * @param address where it answers administrators, "HOST:PORT" or "unix:PATH"
 * @param domain empty: all
 * @param timeout in milliseconds
 * @throws SidegateError SG5032 where it does not answer
 */
export async function readFleet(
  address: string,
  domain: string,
  timeout: number,
  signal: AbortSignal,
): Promise<SidecarState[]> {
  const client = new Client(address, credentials.createInsecure(), { "grpc.enable_http_proxy": 0 });
  const { path, requestSerialize, responseDeserialize } = fleetService.listSidecars;
  try {
    const deadline = Date.now() + timeout;
    const call = client.makeServerStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      { domain },
      { deadline },
    );
    const cancel = () => call.cancel();
    signal.addEventListener("abort", cancel, { once: true });
    const states: SidecarState[] = [];
    for await (const state of call) states.push(state);
    signal.removeEventListener("abort", cancel);
    return states;
  } catch (cause) {
    throw new SidegateError("SG5032", `${address}: ${messageOf(cause)}`, { cause });
  } finally {
    client.close();
  }
}
