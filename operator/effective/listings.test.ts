import { expect, test } from "vitest";
import { Listings } from "./listings.ts";
import type { SidecarGroup } from "./replica-report.ts";

const group = (...connected: string[]): SidecarGroup => ({
  ...{ active: undefined, isSettled: true, connected, lost: [] },
});

test("A sidecar is listed since the first of the reports that name it without a break", () => {
  const listings = new Listings();
  listings.update([group("a")], 10);
  listings.update([group(), group("b", "a")], 20);
  expect([listings.sinceOf("a"), listings.sinceOf("b")]).toEqual([10, 20]);
  listings.update([group("b")], 30);
  listings.update([group("a", "b")], 40);
  expect([listings.sinceOf("a"), listings.sinceOf("b")]).toEqual([40, 20]);
});

test("Who is not named any more is told once, with the time since when it had been listed", () => {
  const listings = new Listings();
  listings.update([group("a", "b"), group("c")], 10);
  expect([...listings.update([group("c")], 20)]).toEqual([
    ["a", 10],
    ["b", 10],
  ]);
  expect(listings.has("a")).toBe(false);
  expect(listings.update([group("c")], 30).size).toBe(0);
});

test("One that is named twice does not stand for another that went", () => {
  const listings = new Listings();
  listings.update([group("a", "b")], 10);
  expect([...listings.update([group("a"), group("a")], 20).keys()]).toEqual(["b"]);
});

test("One that comes while another goes is no other", () => {
  const listings = new Listings();
  listings.update([group("a", "b")], 10);
  expect([...listings.update([group("a", "c")], 20).keys()]).toEqual(["b"]);
  expect(listings.sinceOf("c")).toBe(20);
});

test("A report that names nobody ends all listings", () => {
  const listings = new Listings();
  listings.update([group("a", "b")], 10);
  expect([...listings.update([], 20).keys()]).toEqual(["a", "b"]);
  expect(listings.has("b")).toBe(false);
});
