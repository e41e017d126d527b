import { expect, test } from "vitest";
import { judgeReply } from "./judge-reply.ts";

const refusal = { code: "SG2002", message: "damaged" };
const rows = [
  {
    name: "Ack of the Commit under way",
    outstanding: { revision: "a", committed: true },
    reply: { revision: "a" },
    want: "acknowledged",
  },
  {
    name: "Nack of the Commit under way",
    outstanding: { revision: "a", committed: true },
    reply: { revision: "a", refusal },
    want: "refused",
  },
  {
    name: "Ack of an earlier revision",
    outstanding: { revision: "b", committed: true },
    reply: { revision: "a" },
    want: "stale",
  },
  {
    name: "Nack of an earlier revision",
    outstanding: { revision: "b", committed: true },
    reply: { revision: "a", refusal },
    want: "stale",
  },
  {
    name: "Ack before the Commit",
    outstanding: { revision: "a", committed: false },
    reply: { revision: "a" },
    want: "stale",
  },
  { name: "Ack out of the blue", outstanding: undefined, reply: { revision: "a" }, want: "stale" },
];

test.each(rows)("$name: $want", ({ outstanding, reply, want }) => {
  expect(judgeReply(outstanding, reply)).toBe(want);
});
