import fc from "fast-check";
import { expect, test } from "vitest";
import { internStrings } from "../compile/string-column.ts";
import { byCodeUnits } from "../model/order.ts";
import { StringRun } from "../policy/string-table.ts";
import { KeyStream } from "./key-stream.ts";
import { mergeStreams } from "./merge-streams.ts";

const tableOf = (keys: Iterable<string>) =>
  new StringRun(internStrings(keys).encoded as never, "keys").toTable();

test("Streams are merged in the order of code units, each key once, from a key on and up to another", () => {
  const key = fc.string({ unit: "grapheme", minLength: 1, maxLength: 3 });
  const tables = fc.array(fc.array(key, { maxLength: 20 }), { maxLength: 6 });
  fc.assert(
    fc.property(tables, key, key, (keys, after, end) => {
      const streams = keys.map((own) => new KeyStream(tableOf(own), after, end, () => true));
      const wanted = [...new Set(keys.flat())].filter((one) => one > after && one < end).sort(byCodeUnits);
      expect([...mergeStreams(streams)].filter((one) => one !== undefined)).toEqual(wanted);
    }),
  );
});

test("A stream that finds nothing pauses on the way", () => {
  const keys = Array.from({ length: 10_000 }, (_, i) => `1${i}`);
  const table = tableOf(keys);
  const last = table.size - 1;
  const found = [...mergeStreams([new KeyStream(table, "", "4", (row) => row === last)])];
  expect(found).toEqual([undefined, undefined, undefined, undefined, table.text(last)]);
});
