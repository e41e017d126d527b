import type { Kind } from "../../engine/model/objects.generated.ts";

/** Names an object of any domain. */
export interface ObjectRef {
  readonly domain: string;
  readonly kind: Kind;
  readonly name: string;
}

/** An object's key in the work queue: "domain/Kind/name". None of the three can hold a slash. */
export function formatKey({ domain, kind, name }: ObjectRef): string {
  return `${domain}/${kind}/${name}`;
}

export function parseKey(key: string): ObjectRef {
  const [domain = "", kind = "", name = ""] = key.split("/");
  return { domain, kind: kind as Kind, name };
}
