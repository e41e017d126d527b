import { expect, test } from "vitest";
import { formatAddress, parseAddress } from "./address.ts";

test.each([
  ["unix:/run/sidegate/sidegate.sock", { path: "/run/sidegate/sidegate.sock", mode: 0o666 }],
  ["unix:///run/sidegate/sidegate.sock", { path: "/run/sidegate/sidegate.sock", mode: 0o666 }],
  ["unix:relative.sock", { path: "relative.sock", mode: 0o666 }],
  ["127.0.0.1:7430", { host: "127.0.0.1", port: 7430 }],
  ["localhost:0", { host: "localhost", port: 0 }],
  ["[::1]:7430", { host: "::1", port: 7430 }],
  [":7432", { host: "::", port: 7432 }],
])("%s is an address", (text, address) => {
  expect(parseAddress(text, 0o666)).toEqual(address);
});

test.each([
  "",
  "unix:",
  "7430",
  "localhost",
  "localhost:",
  "::1:7430",
  "a:b:1",
  "host:port",
  "[::1:7440",
  "localhost:65536",
  "http://x:1",
])("%j is none", (text) => {
  expect(() => parseAddress(text, 0o666)).toThrow(expect.objectContaining({ code: "SG3103" }));
});

test("an address that was read is written as clients take it", () => {
  for (const text of ["unix:/run/x.sock", "127.0.0.1:7430", "[::1]:7430"]) {
    expect(formatAddress(parseAddress(text, 0o666))).toBe(text);
  }
});
