import { expect, test } from "vitest";
import type { CompiledPolicy } from "../engine/compile/compiled-policy.ts";
import { createPolicyBook } from "./policy-book.ts";

const policy = (domain: string, revision: string): CompiledPolicy => ({
  domain,
  revision,
  epoch: 0,
  position: {},
  shards: [],
});

test("a published policy is current before its subscribers hear of it", () => {
  const book = createPolicyBook();
  const heard: (string | undefined)[] = [];
  book.subscribe((domain) => heard.push(book.current(domain)?.revision));
  book.publish(policy("shop", "r1"));
  book.publish(policy("shop", "r2"));
  expect(heard).toEqual(["r1", "r2"]);
  expect([...book.domains()]).toEqual(["shop"]);
});

test("a removed domain is told once and has no policy", () => {
  const book = createPolicyBook();
  const heard: string[] = [];
  book.publish(policy("shop", "r1"));
  book.subscribe((domain) => heard.push(domain));
  book.remove("shop");
  book.remove("shop");
  expect(heard).toEqual(["shop"]);
  expect(book.current("shop")).toBeUndefined();
});

test("a subscriber that left hears nothing, even when it leaves while being told", () => {
  const book = createPolicyBook();
  let heard = 0;
  const leave = book.subscribe(() => {
    heard++;
    leave();
  });
  book.publish(policy("shop", "r1"));
  book.publish(policy("shop", "r2"));
  expect(heard).toBe(1);
});
