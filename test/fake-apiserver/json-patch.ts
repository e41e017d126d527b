import { clone, equal, isObject, type JsonObject } from "./json.ts";

/** Thrown when an operation does not fit the document. */
export class JsonPatchError extends Error {}

/**
 * JSON patch (RFC 6902) as the API server's library does it: add, remove, replace, move, copy, test. Unlike the RFC, in an
 * object it replaces what is not there and copies and compares it as null, and a negative index counts from the end.
 * Changes `document` and returns the result.
 */
export function jsonPatch(document: unknown, operations: readonly unknown[]): unknown {
  let root = document;
  for (const operation of operations) {
    if (!isObject(operation) || typeof operation.path !== "string")
      throw new JsonPatchError("an operation needs a path");
    root = apply(root, operation, operation.path);
  }
  return root;
}

function apply(root: unknown, operation: JsonObject, path: string): unknown {
  const from = () => String(operation.from);
  switch (operation.op) {
    case "add":
      return set(root, path, clone(operation.value), false);
    case "replace":
      return set(root, path, clone(operation.value), true);
    case "remove":
      return remove(root, path);
    case "copy":
      return set(root, path, clone(readOrNull(root, from())), false);
    case "move": {
      const value = read(root, from());
      return set(remove(root, from()), path, value, false);
    }
    case "test":
      if (equal(readOrNull(root, path), operation.value)) return root;
      throw new JsonPatchError(`testing value ${path} failed`);
    default:
      throw new JsonPatchError(`unknown operation ${JSON.stringify(operation.op)}`);
  }
}

function tokens(path: string): string[] {
  if (path === "") return [];
  if (!path.startsWith("/")) throw new JsonPatchError(`${path} is no JSON pointer`);
  return path
    .slice(1)
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function index(list: readonly unknown[], token: string, end: number): number {
  if (token === "-") return end;
  const number = /^(0|[1-9]\d*)$/.test(token) ? Number(token) : -1;
  if (number < 0 || number > end || end > list.length)
    throw new JsonPatchError(`index ${token} is out of bounds`);
  return number;
}

function read(root: unknown, path: string): unknown {
  let value = root;
  for (const token of tokens(path)) {
    if (Array.isArray(value)) value = value[index(value, token, value.length - 1)];
    else if (isObject(value) && Object.hasOwn(value, token)) value = value[token];
    else throw new JsonPatchError(`${path} does not exist`);
  }
  return value;
}

/** As `read`, but null for a missing field of an object that is there. */
function readOrNull(root: unknown, path: string): unknown {
  if (path === "") return root;
  const [parent, token] = parentOf(root, path);
  return isObject(parent) && !Object.hasOwn(parent, token) ? null : read(root, path);
}

function parentOf(root: unknown, path: string): [parent: unknown, token: string] {
  const parts = tokens(path);
  const token = parts.pop() as string;
  return [read(root, path.slice(0, path.lastIndexOf("/"))), token];
}

function set(root: unknown, path: string, value: unknown, replaces: boolean): unknown {
  if (path === "") return value;
  const [parent, token] = parentOf(root, path);
  if (Array.isArray(parent))
    parent.splice(index(parent, token, parent.length - (replaces ? 1 : 0)), replaces ? 1 : 0, value);
  else if (isObject(parent)) parent[token] = value;
  else throw new JsonPatchError(`${path} has no parent`);
  return root;
}

function remove(root: unknown, path: string): unknown {
  read(root, path);
  if (path === "") return null;
  const [parent, token] = parentOf(root, path);
  if (Array.isArray(parent)) parent.splice(index(parent, token, parent.length - 1), 1);
  else delete (parent as JsonObject)[token];
  return root;
}
