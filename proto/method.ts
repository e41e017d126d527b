import type { Input, MessageType } from "./message-type.ts";

/**
 * One gRPC method: its path and codecs, in the shape that grpc-js takes for a server's and a client's method
 * definition. Messages that are encoded already (Buffers) pass through.
 */
export interface Method<Request, Response> {
  /** "/package.Service/Method". */
  readonly path: string;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
  readonly requestSerialize: (message: Input<Request> | Buffer) => Buffer;
  readonly requestDeserialize: (bytes: Buffer) => Request;
  readonly responseSerialize: (message: Input<Response> | Buffer) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => Response;
}

/** The kinds of methods that are not unary. */
export interface Streams {
  readonly request?: boolean;
  readonly response?: boolean;
}

/** Defines a method from its path and message types. */
export function method<Request, Response>(
  path: string,
  request: MessageType<Request>,
  response: MessageType<Response>,
  streams: Streams = {},
): Method<Request, Response> {
  return {
    path,
    requestStream: streams.request ?? false,
    responseStream: streams.response ?? false,
    requestSerialize: serializer(request),
    requestDeserialize: (bytes) => request.decode(bytes),
    responseSerialize: serializer(response),
    responseDeserialize: (bytes) => response.decode(bytes),
  };
}

function serializer<T>(type: MessageType<T>): (message: Input<T> | Buffer) => Buffer {
  return (message) => (Buffer.isBuffer(message) ? message : type.encode(message as Input<T>).finish());
}
