import { FetchShardsRequest, ShardChunk, SyncRequest, SyncResponse } from "./generated/delivery.js";
import { method } from "./method.ts";

/** The methods of sidegate.v1.Delivery. */
export const deliveryService = {
  sync: method("/sidegate.v1.Delivery/Sync", SyncRequest, SyncResponse, { request: true, response: true }),
  fetchShards: method("/sidegate.v1.Delivery/FetchShards", FetchShardsRequest, ShardChunk, {
    request: false,
    response: true,
  }),
} as const;
