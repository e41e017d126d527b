import { describe, expect, it } from "vitest";
import {
  collect,
  collectPositions,
  parseJsonObject,
  parseMode,
  parseSeconds,
  parseSubject,
  parseTarget,
} from "./options.ts";

describe("option values", () => {
  it.each([
    ["user:ada", { kind: "User", name: "ada" }],
    ["User:auth0|5f:x", { kind: "User", name: "auth0|5f:x" }],
    ["serviceAccount:shop/importer", { kind: "ServiceAccount", name: "shop/importer" }],
  ])("the subject %s", (text, subject) => {
    expect(parseSubject(text)).toEqual(subject);
  });

  it.each(["ada", "user:", "group:x", ":ada", ""])("no subject: %j", (text) => {
    expect(() => parseSubject(text)).toThrow("Write user:NAME");
  });

  it.each([
    "127.0.0.1:7430",
    "localhost:1",
    "[::1]:7430",
    "unix:/run/x.sock",
    "unix:///run/x.sock",
    "unix:x.sock",
  ])("the address %s", (text) => expect(parseTarget(text)).toBe(text));

  it.each(["", "x", "http://x:1", ":7430", "x:", "unix:", "x:1/y", "a b:1"])("no address: %j", (text) => {
    expect(() => parseTarget(text)).toThrow("Write HOST:PORT or unix:PATH");
  });

  it("collects lists from repetition and from commas", () => {
    expect(collect("b,,c", collect("a", undefined))).toEqual(["a", "b", "c"]);
  });

  it("collects positions up to the limit of a request", () => {
    expect(collectPositions("AccessRole:12", ["Membership:1"])).toEqual(["Membership:1", "AccessRole:12"]);
    expect(() => collectPositions("AccessRole:012", undefined)).toThrow("Write KIND:RESOURCEVERSION");
    expect(() =>
      collectPositions(
        "AccessRole:1",
        Array.from({ length: 16 }, () => "x"),
      ),
    ).toThrow("At most 16");
  });

  it("reads JSON objects, modes and seconds", () => {
    expect(parseJsonObject('{"a": [1]}')).toEqual({ a: [1] });
    expect(() => parseJsonObject("null")).toThrow("Write a JSON object");
    expect(parseMode("0660")).toBe(0o660);
    expect(parseSeconds("0.5")).toBe(500);
    expect(() => parseSeconds("0")).toThrow("more than 0");
  });
});
