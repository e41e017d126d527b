import { generateKeyPairSync } from "node:crypto";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { createKeyFetcher } from "./fetch-keys.ts";
import { readKeyAddress } from "./key-address.ts";
import { readMaxAge } from "./read-max-age.ts";

const { publicKey, privateKey } = generateKeyPairSync("ed25519");
const key = { ...publicKey.export({ format: "jwk" }), alg: "EdDSA", kid: "a" };
const set = JSON.stringify({ keys: [key] });

let server: Server;
let base: string;
let answer: RequestListener;
const clock = new ManualClock();
const fetcher = createKeyFetcher({ clock });
const never = new AbortController().signal;

beforeAll(async () => {
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

beforeEach(() => {
  answer = (_request, response) => void response.end(set);
});

afterAll(async () => {
  await fetcher.close();
  server.closeAllConnections();
  server.close();
});

const fetchKeys = (path = "/keys", signal = never) => fetcher.fetch(base + path, signal);

describe("an issuer's keys", () => {
  test("are fetched, in the form in which they are kept", async () => {
    answer = (_request, response) => {
      response.setHeader("cache-control", "public, max-age=600");
      response.end(JSON.stringify({ keys: [{ x5c: ["MII"], use: "sig", ...key }], more: true }));
    };
    const { jwks, ...rest } = await fetchKeys();
    expect(JSON.parse(jwks)).toEqual({ keys: [key] });
    expect(rest).toEqual({ count: 1, ignored: [], maxAgeMs: 600_000 });
  });

  test("are without those that are private or symmetric, of which no part is told", async () => {
    const secret = privateKey.export({ format: "jwk" });
    answer = (_request, response) =>
      void response.end(
        JSON.stringify({ keys: [{ ...secret, alg: "EdDSA" }, { kty: "oct", k: "c2VjcmV0" }, key] }),
      );
    const fetched = await fetchKeys();
    expect(fetched).toMatchObject({ count: 1, ignored: [{ place: 0 }, { place: 1 }] });
    expect(JSON.stringify(fetched)).not.toContain(secret.d);
    expect(JSON.stringify(fetched)).not.toContain("c2VjcmV0");
  });

  test("may be none", async () => {
    answer = (_request, response) => void response.end('{"keys":[]}');
    expect(await fetchKeys()).toMatchObject({ jwks: '{"keys":[]}', count: 0 });
  });

  test("are followed to another path of the host", async () => {
    answer = (request, response) => {
      if (request.url === "/v2") response.end(set);
      else response.writeHead(307, { location: "/v2" }).end();
    };
    expect(await fetchKeys()).toMatchObject({ count: 1 });
  });
});

describe("an issuer", () => {
  const redirect =
    (location: string): RequestListener =>
    (_request, response) =>
      void response.writeHead(302, { location }).end();

  test.each<[string, RequestListener, "Unreachable" | "Invalid", RegExp]>([
    ["that has no such page", (_q, r) => void r.writeHead(404).end(set), "Unreachable", /status 404/],
    ["that is broken", (_q, r) => void r.writeHead(503).end(), "Unreachable", /status 503/],
    ["that says nothing changed", (_q, r) => void r.writeHead(304).end(), "Unreachable", /status 304/],
    ["that redirects in a circle", redirect("/keys"), "Unreachable", /redirects for ever/],
    ["that redirects to another host", redirect("http://localhost:1/keys"), "Unreachable", /another host/],
    ["that redirects to another port", redirect("http://127.0.0.1:1/keys"), "Unreachable", /another host/],
    ["that redirects to the network", redirect("http://192.0.2.1/keys"), "Unreachable", /another host/],
    ["that redirects to a file", redirect("file:///etc/passwd"), "Unreachable", /another host/],
    ["that redirects to nowhere", redirect("http://["), "Unreachable", /another host/],
    ["that hangs up", (q) => void q.socket.destroy(), "Unreachable", /closed|hang up|reset/],
    ["that answers with a page", (_q, r) => void r.end("<html>s3cret"), "Invalid", /no JSON$/],
    [
      "that answers with other JSON",
      (_q, r) => void r.end('{"key":"s3cret"}'),
      "Invalid",
      /no JSON object with a list/,
    ],
    [
      "that answers too much",
      (_q, r) => void r.end("x".repeat(300 * 1024)),
      "Invalid",
      /more than 262144 bytes/,
    ],
  ])("%s gives no keys", async (_name, listener, reason, detail) => {
    answer = listener;
    const error = await fetchKeys().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ reason, message: expect.stringMatching(detail) });
    expect(String(error)).not.toContain("s3cret");
  });

  test("that never stops is left", async () => {
    let isClosed = false;
    answer = (request, response) => {
      request.socket.on("close", () => {
        isClosed = true;
      });
      const write = () => {
        while (!isClosed && response.write("x".repeat(65_536)));
      };
      response.on("drain", write);
      write();
    };
    await expect(fetchKeys()).rejects.toMatchObject({ reason: "Invalid" });
    await expect.poll(() => isClosed).toBe(true);
  });

  test("whose keys are more than a status may hold gives none", async () => {
    // As long as a modulus may be; nobody asks whether it is one.
    const n = Buffer.alloc(1024, 0xab).toString("base64url");
    const keys = Array.from({ length: 60 }, (_, i) => ({
      kty: "RSA",
      n,
      e: "AQAB",
      alg: "RS256",
      kid: `k${i}`,
    }));
    answer = (_request, response) => void response.end(JSON.stringify({ keys }));
    await expect(fetchKeys()).rejects.toMatchObject({
      reason: "Invalid",
      message: /more than 65536 characters/,
    });
  });

  test("that does not answer is given up", async () => {
    let isAsked = false;
    answer = () => {
      isAsked = true;
    };
    const fetched = fetchKeys().catch((thrown: unknown) => thrown);
    await expect.poll(() => isAsked).toBe(true);
    await clock.advance(10_000);
    expect(await fetched).toMatchObject({
      reason: "Unreachable",
      message: "there was no answer within 10 s",
    });
    expect(clock.waiting).toBe(0);
  });

  test("is not asked any more once that was ended", async () => {
    const ended = new AbortController();
    answer = () => ended.abort();
    await expect(fetchKeys("/keys", ended.signal)).rejects.toMatchObject({ reason: "Unreachable" });
    answer = (_request, response) => void response.end(set);
    await expect(fetchKeys("/keys", ended.signal)).rejects.toMatchObject({ reason: "Unreachable" });
    expect(clock.waiting).toBe(0);
  });

  test("that nobody listens for gives none", async () => {
    await expect(fetcher.fetch("http://127.0.0.1:1/", never)).rejects.toMatchObject({
      reason: "Unreachable",
      message: expect.stringMatching(/ECONNREFUSED/),
    });
    await expect(fetcher.fetch("http://example.com/", never)).rejects.toMatchObject({
      message: "keys are fetched over https only",
    });
  });
});

test.each([
  ["https://issuer.example/keys", undefined],
  ["http://localhost:8080/keys", undefined],
  ["http://127.0.0.1/keys", undefined],
  ["http://[::1]:80/keys", undefined],
  ["http://issuer.example/keys", /https only/],
  ["http://localhost.example/keys", /https only/],
  ["http://127.0.0.1.example/keys", /https only/],
  ["http://127.0.0.1:80@example.com/", /https only/],
  ["ftp://localhost/keys", /https only/],
  ["file:///keys", /https only/],
  ["https://me@issuer.example/keys", /user name/],
  ["https://:secret@issuer.example/keys", /password/],
  ["issuer.example", /can not be read/],
  ["", /can not be read/],
])("of the address %j is said: %s", (address, problem) => {
  if (problem === undefined) expect(readKeyAddress(address)).toBeInstanceOf(URL);
  else expect(readKeyAddress(address)).toMatch(problem);
});

test.each([
  [undefined, undefined],
  ["", undefined],
  ["no-store", undefined],
  ["max-age=60", 60_000],
  ["public, MAX-AGE=60, must-revalidate", 60_000],
  ['max-age="60"', 60_000],
  [["no-cache", "max-age=0"], 0],
  ["s-maxage=60", undefined],
  ["max-age=-1", undefined],
  ["max-age=1e9", undefined],
  ["max-age=99999999999999", undefined],
])("Cache-Control %j lets an answer be used for %s ms", (header, ms) => {
  expect(readMaxAge(header)).toBe(ms);
});
