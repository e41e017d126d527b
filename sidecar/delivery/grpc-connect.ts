import type { ChannelOptions, Client, ClientDuplexStream, Metadata } from "@grpc/grpc-js";
import { deliveryLimits } from "../../engine/model/delivery-limits.ts";
import { deliveryService } from "../../proto/delivery-service.ts";
import type {
  FetchShardsRequest,
  ShardChunk,
  SyncRequest,
  SyncResponse,
} from "../../proto/generated/delivery.js";
import type { Input } from "../../proto/message-type.ts";
import { type OperatorAccess, openChannel } from "./operator-access.ts";
import type { Connect, DeliveryStream, StreamHandlers } from "./session.ts";

const OPTIONS: ChannelOptions = {
  "grpc.enable_channelz": 0,
  "grpc.keepalive_time_ms": 30_000,
  "grpc.keepalive_timeout_ms": 10_000,
  "grpc.max_receive_message_length": deliveryLimits.responseBytes,
  "grpc.max_send_message_length": deliveryLimits.requestBytes,
  // The session repeats what must be repeated; a retry buffer would keep all that was ever sent.
  "grpc.enable_retries": 0,
  "grpc.service_config_disable_resolution": 1,
  // The operator is reached directly, whatever proxy the process has for the world outside.
  "grpc.enable_http_proxy": 0,
  // No connection outlives its session, so that a new session is a new connection.
  "grpc.use_local_subchannel_pool": 1,
  "grpc-node.flow_control_window": 1024 * 1024,
};

/**
 * Opens delivery streams over gRPC, each on a connection of its own. A file that can not be read ends the stream before it
 * begins, and is read again for the next.
 *
 * @param access default: plain text, for loopback and sockets
 */
export function grpcConnect(access: OperatorAccess = {}): Connect {
  return (address, handlers, host) => {
    try {
      return openStream(openChannel(address, host, access, OPTIONS), handlers);
    } catch (error) {
      return neverOpened(error as Error, handlers);
    }
  };
}

function openStream(
  { client, metadata }: ReturnType<typeof openChannel>,
  handlers: StreamHandlers,
): DeliveryStream {
  const { path, requestSerialize, responseDeserialize } = deliveryService.sync;
  const call: ClientDuplexStream<Input<SyncRequest>, SyncResponse> = client.makeBidiStreamRequest(
    path,
    requestSerialize,
    responseDeserialize,
    metadata,
  );
  let open = true;
  const close = (error: Error | undefined) => {
    if (!open) return;
    open = false;
    client.close();
    if (error !== undefined) handlers.closed(error);
  };
  call.on("data", (message: SyncResponse) => {
    if (open) handlers.message(message);
  });
  call.on("error", close);
  call.on("end", () => close(new Error("The operator ended the stream")));
  return {
    send: (message) => void (open && call.write(message)),
    fetch: (domain, hashes) => fetchShards(client, metadata, { domain, hashes: [...hashes] }),
    close() {
      if (!open) return;
      close(undefined);
      // Its "error" event finds the stream closed.
      call.cancel();
    },
  };
}

function neverOpened(error: Error, handlers: StreamHandlers): DeliveryStream {
  let open = true;
  setImmediate(() => {
    if (open) handlers.closed(error);
  });
  return {
    send() {},
    close() {
      open = false;
    },
  };
}

/** Lasts no longer than the client: a call that is under way is then cut off. */
async function* fetchShards(
  client: Client,
  metadata: Metadata,
  request: Input<FetchShardsRequest>,
): AsyncIterable<ShardChunk> {
  const { path, requestSerialize, responseDeserialize } = deliveryService.fetchShards;
  const call = client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, request, metadata);
  try {
    for await (const chunk of call) yield chunk as ShardChunk;
  } finally {
    call.cancel();
  }
}
