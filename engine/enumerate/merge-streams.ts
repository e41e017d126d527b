import type { KeyStream } from "./key-stream.ts";

/** Keys in ascending order, found step by step. */
export type OrderedKeys = Pick<KeyStream, "head" | "step">;

/** The keys of all streams in ascending order, each once. Yields undefined now and then. */
export function* mergeStreams(streams: readonly OrderedKeys[]): Generator<string | undefined> {
  const heap: OrderedKeys[] = [];
  for (const stream of streams) {
    while (!stream.step()) yield undefined;
    if (stream.head !== undefined) push(heap, stream);
  }
  let last: string | undefined;
  for (let first = heap[0]; first !== undefined; first = heap[0]) {
    const key = first.head!;
    if (key !== last) yield key;
    last = key;
    while (!first.step()) yield undefined;
    if (first.head === undefined) removeFirst(heap);
    else sink(heap, 0);
  }
}

// A binary heap with the least key first.

function push(heap: OrderedKeys[], stream: OrderedKeys): void {
  let at = heap.push(stream) - 1;
  while (at > 0) {
    const parent = (at - 1) >>> 1;
    if (heap[parent]!.head! <= heap[at]!.head!) return;
    swap(heap, parent, at);
    at = parent;
  }
}

function removeFirst(heap: OrderedKeys[]): void {
  const last = heap.pop()!;
  if (heap.length === 0) return;
  heap[0] = last;
  sink(heap, 0);
}

function sink(heap: OrderedKeys[], from: number): void {
  for (let at = from; ; ) {
    const [left, right] = [at * 2 + 1, at * 2 + 2];
    let least = at;
    if (left < heap.length && heap[left]!.head! < heap[least]!.head!) least = left;
    if (right < heap.length && heap[right]!.head! < heap[least]!.head!) least = right;
    if (least === at) return;
    swap(heap, least, at);
    at = least;
  }
}

function swap(heap: OrderedKeys[], a: number, b: number): void {
  [heap[a], heap[b]] = [heap[b]!, heap[a]!];
}
