/** Reads what the API server answers. All functions throw a `KubeError` (`GarbledAnswer`) that names the path asked. */

import { messageOf } from "../../engine/errors/message-of.ts";
import type { KubeObject, ListPage, WatchEvent } from "./kube-api.ts";
import { KubeError, TransportReason } from "./kube-error.ts";
import { readStatus } from "./read-status.ts";

export function readJson(text: string, path: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw garbled(path, messageOf(error));
  }
  if (typeof value !== "object" || value === null) throw garbled(path, "the answer is not an object");
  return value as Record<string, unknown>;
}

/** @param named whether it has to have a name */
export function readObject(value: unknown, path: string, named = true): KubeObject {
  const metadata = (value as { metadata?: { name?: unknown } } | null | undefined)?.metadata;
  if (typeof metadata !== "object" || metadata === null || (named && typeof metadata.name !== "string")) {
    throw garbled(path, "an object has no name");
  }
  return value as KubeObject;
}

export function readPage(list: Record<string, unknown>, path: string): ListPage {
  const metadata = list.metadata as { resourceVersion?: unknown; continue?: unknown } | undefined;
  if (!Array.isArray(list.items) || typeof metadata?.resourceVersion !== "string") {
    throw garbled(path, "the answer is not a list");
  }
  return {
    items: list.items.map((item) => readObject(item, path)),
    resourceVersion: metadata.resourceVersion,
    continueToken:
      typeof metadata.continue === "string" && metadata.continue !== "" ? metadata.continue : undefined,
  };
}

/** Reads a line of a watch. @throws what an ERROR event says, too */
export function readEvent(line: string, path: string): WatchEvent {
  const { type, object } = readJson(line, path);
  switch (type) {
    case "ADDED":
    case "MODIFIED":
    case "DELETED":
      return { type, object: readObject(object, path) };
    case "BOOKMARK":
      // A bookmark's object has nothing but a resourceVersion.
      return { type, object: readObject(object, path, false) };
    case "ERROR":
      throw readStatus(0, {}, JSON.stringify(object ?? {}));
    default:
      throw garbled(path, "an event is of no known type");
  }
}

export function garbled(path: string, what: string): KubeError {
  return new KubeError(0, TransportReason.Garbled, `${path}: ${what}`);
}
