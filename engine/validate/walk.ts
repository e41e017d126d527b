import type { ProblemList } from "./manifest-problem.ts";

/** Kubernetes keeps an object in one request to etcd, which takes 1.5 MiB (`--max-request-bytes`). */
export const MAX_OBJECT_BYTES = 1_572_864;

/** One walk over one manifest. */
export interface Walk {
  readonly problems: ProblemList;
  /** Characters of keys and strings seen so far, which are fewer than the bytes that are stored. */
  characters: number;
  /** Whether something is wrong after which the API server does not ask the rules either, because they presume types. */
  blocked: boolean;
}

export function startWalk(problems: ProblemList): Walk {
  return { problems, characters: 0, blocked: false };
}

/** Whether there is no point in going on: enough has been found, or the object can not be stored anyway. */
export function isOver(walk: Walk): boolean {
  return walk.problems.full || walk.characters > MAX_OBJECT_BYTES;
}

/** A field below a path, as the API server writes it. */
export function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

/** Whether a value is an object as JSON has them, by its own members alone. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/** An own member of an object; null counts as none, because the API server prunes it before it looks. */
export function member(value: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(value, name) ? (value[name] ?? undefined) : undefined;
}
