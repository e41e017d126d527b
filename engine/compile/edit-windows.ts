import { readFloats } from "../policy/columns.ts";
import { type Window, WindowColumn } from "./windows.ts";

/** The windows of a shard as they are with some of them gone and others added. */
export interface EditedWindows {
  readonly encoded: Uint8Array;
  /** By old row; of one that is gone any. */
  readonly moved: Uint32Array;
  row(window: Window): number;
}

/** @param isUsed by row: 0 where nothing has the window any more */
export function editWindows(bytes: Uint8Array, isUsed: Uint8Array, added: Iterable<Window>): EditedWindows {
  const values = readFloats(bytes, "windows");
  const old: Window[] = [];
  // Row 0 is always, which a column has without being told.
  for (let row = 1; row * 2 < values.length; row++)
    old[row] = { notBefore: values[row * 2]!, expires: values[row * 2 + 1]! };
  const column = new WindowColumn([...old.filter((_, row) => isUsed[row] !== 0), ...added]);
  const moved = new Uint32Array(Math.max(old.length, 1));
  for (let row = 1; row < old.length; row++) if (isUsed[row] !== 0) moved[row] = column.row(old[row]!);
  return { encoded: column.encode(), moved, row: (window) => column.row(window) };
}
