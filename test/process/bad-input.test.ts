import { mkdtempSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, credentials, Metadata, status } from "@grpc/grpc-js";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import { deliveryService } from "../../proto/delivery-service.ts";
import { BatchCheckRequest, CheckRequest, type CheckResponse } from "../../proto/generated/decision.js";
import { type Hello, SyncRequest } from "../../proto/generated/delivery.js";
import type { Input } from "../../proto/message-type.ts";
import { sidegateService } from "../../proto/sidegate-service.ts";
import { rawCall } from "../integration/sidecar-fixture.ts";
import { eventually, Processes, type RunningProcess } from "../support/processes.ts";
import { SidecarProcess } from "../support/sidecar-process.ts";
import { binding, DOMAIN, role } from "../worlds/build.ts";
import { basics, viewing } from "./deployment.ts";
import { runCli } from "./run-cli.ts";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

/**
 * Whatever comes in, the answer is bounded and says what is wrong with what, nobody is allowed anything by it, and all
 * others are answered as before. Ann has a grant; eve gets one in nearly every broken file and never has it.
 */
let root: string;
let folder: string;
let processes: Processes;
let operator: RunningProcess;
let sidecar: SidecarProcess;
let operatorHealth: number;
const sockets = { check: "", health: "", delivery: "" };

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "sidegate-bad-"));
  folder = mkdtempSync(join(root, "policy-"));
  writeFileSync(join(folder, "base.json"), list([...basics, viewing("ann")]));
  processes = new Processes();
  sockets.delivery = join(root, "operator.sock");
  sockets.check = join(root, "sidegate.sock");
  sockets.health = join(root, "health.sock");
  const delivery = `unix:${sockets.delivery}`;
  const args = ["operator", "--source", folder, "--listen", delivery, "--health", "127.0.0.1:0"];
  operator = processes.sidegate(args);
  const { address } = await operator.logged("Serves health and metrics");
  operatorHealth = Number(String(address).split(":").at(-1));
  sidecar = new SidecarProcess(processes, { folder: root, operators: [delivery], domains: [DOMAIN] });
  await eventually(() => sidecar.ask("ann"), "Allowed");
});
afterAll(async () => {
  sidecar.closeClients();
  await processes.end();
  rmSync(root, { recursive: true });
});
afterEach(async () => {
  expect([operator.isGone, sidecar.process.isGone]).toEqual([false, false]);
  expect([await sidecar.ask("ann"), await sidecar.ask("eve")]).toEqual(["Allowed", "NoGrant"]);
});

function list(items: readonly SidegateObject[]): string {
  return JSON.stringify({ apiVersion: "v1", kind: "List", items });
}

const header = "apiVersion: sidegate.dev/v1alpha1\nkind: ";
/** A grant for eve, which must not come into force as long as anything in the folder is wrong. */
const eve = `${header}AccessRoleBinding
metadata: {name: eve, namespace: shop}
spec:
  role: viewer
  subjects: [{kind: User, name: eve}]
  scope: {kind: Platform}
---
`;
const organization = (spec: string) =>
  `${eve}${header}Organization\nmetadata: {name: o, namespace: shop}\n${spec}`;

describe("a file in the folder", () => {
  const laughs = "bcdefgh".split("").map((name, at) => {
    const before = "abcdefg"[at];
    return `${name}: &${name} [${Array(9).fill(`*${before}`).join(", ")}]\n`;
  });
  test.each<[string, string | Buffer, Record<string, unknown>]>([
    [
      "of an unknown kind",
      `${eve}${header}Rolle\nmetadata: {name: r}\n`,
      { code: "SG1002", object: "Rolle r" },
    ],
    [
      "with an unknown field",
      organization("spec: {suspnded: true}\n"),
      { code: "SG1003", field: "spec.suspnded" },
    ],
    [
      "with a misspelt scope",
      `${header}AccessRoleBinding\nmetadata: {name: eve}\nspec:\n  role: viewer\n  subjects: [{kind: User, name: eve}]\n  scop: {kind: Platform}\n`,
      { code: "SG1003", field: "spec.scop" },
    ],
    ["with a key given twice", organization("spec: {}\nspec: {}\n"), { code: "SG1105" }],
    [
      "with a key of every object's prototype",
      organization("spec:\n  __proto__: {suspended: true}\n"),
      { code: "SG1003" },
    ],
    ["with a tag that runs code elsewhere", organization("spec: !!js/function 'x'\n"), { code: "SG1105" }],
    ["whose anchors explode", `a: &a [x, x, x, x, x, x, x, x, x]\n${laughs.join("")}`, { code: "SG1106" }],
    ["that holds itself", "a: &a [*a]\n", { code: "SG1106" }],
    ["that nests 200,000 levels", organization(`spec: ${"[".repeat(200_000)}`), { code: "SG1106" }],
    ["of 10 MB of opening brackets", "[".repeat(10_485_760), { code: "SG1103" }],
    [
      "with one string of 10 MB",
      organization(`spec: {}\njunk: ${"x".repeat(10_485_760)}\n`),
      { code: "SG1003" },
    ],
    [
      "with 100,000 broken objects",
      Array(100_000).fill(`${header}Organization\n`).join("---\n"),
      { code: "SG1004" },
    ],
    ["in UTF-16", Buffer.from(`\ufeff${eve}`, "utf16le"), { code: "SG1104" }],
    [
      "with bytes that are not UTF-8",
      Buffer.concat([Buffer.from(eve), Buffer.from([0xc3, 0x28])]),
      { code: "SG1104" },
    ],
    ["with a NUL", `${eve}#\0\n`, { code: "SG1104" }],
    ["indented by tabs", `${eve}${header}Organization\nmetadata:\n\tname: o\n`, { code: "SG1105" }],
  ])("%s is named, and the policy before goes on", async (attack, content, wanted) => {
    const file = `${attack.replace(/\W+/g, "-")}.yaml`;
    const loads = () => operator.log.filter(({ msg }) => msg === "Loaded a folder").length;
    const before = loads();
    writeFileSync(join(folder, file), content);
    try {
      const line = await operator.logged("A manifest is broken", { file, ...wanted });
      expect(String(line.problem).length).toBeLessThan(1_500);
      expect(await sidecar.ask("eve")).toBe("NoGrant");
      expect(loads()).toBe(before);
    } finally {
      unlinkSync(join(folder, file));
    }
    await eventually(async () => loads() > before, true);
  });
});

describe("lint names what is valid by itself and gives nobody anything", () => {
  const chain = (count: number) =>
    Array.from({ length: count }, (_, at) => role(`r${at}`, { includes: [`r${(at + 1) % count}`] }));
  test.each<[string, readonly SidegateObject[], RegExp]>([
    ["a circle of two", chain(2), /AccessRole shop\/r0: spec\.includes: .*circle r0, r1,.*\(IncludeCycle\)/],
    [
      "a circle of 20,000",
      chain(20_000),
      /AccessRole shop\/r0: spec\.includes: .* and 19992 more,.*\(IncludeCycle\)/,
    ],
    ["a role that is not there", [binding("b", "gone", "User:eve", "platform")], /"gone" does not exist/],
    [
      "a role at a level that it is not for",
      [role("low", { assignableAt: ["Organization"] }), binding("b", "low", "User:eve", "platform")],
      /\(NotAssignable\)/,
    ],
  ])("%s", async (_, objects, message) => {
    const bad = mkdtempSync(join(root, "lint-"));
    writeFileSync(join(bad, "a.json"), list(objects));
    const { code, stdout } = await runCli(["lint", bad, "--domain", DOMAIN]);
    expect(stdout).toMatch(message);
    expect(stdout.length).toBeLessThan(500_000);
    expect(code).toBe(1);
  });
});

describe("a request", () => {
  const question = {
    subject: { kind: "User", name: "eve" },
    permission: "logs:view",
    scope: "platform",
  } as const;
  const encode = (check: Input<CheckRequest>) => CheckRequest.encode({ ...question, ...check }).finish();
  const named = (name: string, groups: string[] = []) => encode({ subject: { kind: "User", name, groups } });
  const { check, batchCheck } = sidegateService;
  const many = (count: number) => BatchCheckRequest.encode({ checks: Array(count).fill(question) }).finish();

  test.each<[string, string, Uint8Array, string, string]>([
    ["that is empty", check.path, new Uint8Array(), "INVALID_ARGUMENT", "subject"],
    ["of random bytes", check.path, Buffer.alloc(5_000, 0xff), "INVALID_ARGUMENT", "request"],
    ["with an empty name", check.path, named(""), "INVALID_ARGUMENT", "subject.name"],
    ["with a name of 64 KiB", check.path, named("x".repeat(65_536)), "INVALID_ARGUMENT", "subject.name"],
    [
      "with 10,000 groups",
      check.path,
      named("eve", Array(10_000).fill("g")),
      "INVALID_ARGUMENT",
      "subject.groups",
    ],
    [
      "with a million fields that nobody knows",
      check.path,
      Buffer.concat([encode({}), Buffer.alloc(2_000_000, Buffer.from([0x78, 0x01]))]),
      "INVALID_ARGUMENT",
      "request",
    ],
    [
      "that nests 100,000 groups of an unknown field",
      check.path,
      Buffer.concat([encode({}), Buffer.alloc(100_000, 0x7b)]),
      "INVALID_ARGUMENT",
      "request",
    ],
    [
      "with a name that is not UTF-8",
      check.path,
      Buffer.concat([encode({}), Buffer.from([0x12, 0x04, 0x12, 0x02, 0xff, 0xfe])]),
      "INVALID_ARGUMENT",
      "request",
    ],
    [
      "with a huge context",
      check.path,
      encode({ context: { fields: { a: { stringValue: "x".repeat(1_000_000) } } } }),
      "INVALID_ARGUMENT",
      "context",
    ],
    [
      "with a position of garbage",
      check.path,
      encode({ minPosition: ["__proto__:1"] }),
      "INVALID_ARGUMENT",
      "min_position",
    ],
    [
      "of 100,000 checks",
      batchCheck.path,
      Buffer.alloc(200_000, Buffer.from([0x0a, 0x00])),
      "INVALID_ARGUMENT",
      "checks",
    ],
    ["of 1,001 checks", batchCheck.path, many(1_001), "INVALID_ARGUMENT", "checks"],
    ["over the size of a message", check.path, Buffer.alloc(5_000_000), "RESOURCE_EXHAUSTED", ""],
  ])("%s is refused", async (_, path, bytes, code, field) => {
    const ending = await rawCall(`unix:${sockets.check}`, path, bytes, 60_000);
    expect(ending.code).toBe(code);
    expect(ending.message.length).toBeLessThan(1_000);
    if (field !== "") expect(ending.info?.metadata).toMatchObject({ code: "SG3001", field });
  });

  test("with fields of a later version is answered by what is known", async () => {
    const later = Buffer.concat([encode({}), Buffer.from([0x9a, 0x06, 0x01, 0x78])]);
    const { code, bytes } = await rawCall(`unix:${sockets.check}`, check.path, later, 60_000);
    expect(code).toBe("OK");
    const response: CheckResponse = check.responseDeserialize(bytes);
    expect(response.allowed).toBe(false);
  });

  test("that 3,000 others wait beside is answered", async () => {
    const client = new Client(`unix:${sockets.check}`, credentials.createInsecure());
    const waiting = encode({ minPosition: ["AccessRole:99999999999999999999"] });
    const ask = () =>
      new Promise<string>((resolve) => {
        const pass = (bytes: Buffer) => bytes;
        const options = { deadline: Date.now() + 5_000 };
        client.makeUnaryRequest(check.path, pass, pass, waiting, new Metadata(), options, (error) =>
          resolve(error === null ? "OK" : (status[error.code] as string)),
        );
      });
    const waits = Array.from({ length: 3_000 }, ask);
    expect(await sidecar.ask("ann")).toBe("Allowed");
    client.close();
    expect(new Set(await Promise.all(waits))).not.toContain("OK");
  });
});

describe("a stream to the operator", () => {
  const hello = (parts: Input<Hello>) =>
    SyncRequest.encode({
      hello: { protocol: 1, sidecar: "mallory", version: "1", domains: [{ domain: DOMAIN }], ...parts },
    }).finish();

  test.each<[string, Uint8Array, RegExp]>([
    ["that begins with nothing", new Uint8Array(), /^INVALID_ARGUMENT SG2102: .*hello/],
    ["of another protocol", hello({ protocol: 9 }), /^FAILED_PRECONDITION SG2101: .*version 9/],
    [
      "with a name that forges lines of the log",
      hello({ sidecar: "a\n{}" }),
      /^INVALID_ARGUMENT SG2102: sidecar/,
    ],
    [
      "with 100,000 domains",
      hello({ domains: Array.from({ length: 100_000 }, (_, at) => ({ domain: `d${at}` })) }),
      /^INVALID_ARGUMENT SG2102: domains has more than 64/,
    ],
    [
      "with 200,000 shards",
      hello({ domains: [{ domain: DOMAIN, shards: Array(200_000).fill(Buffer.alloc(32)) }] }),
      /^INVALID_ARGUMENT SG2102: domains have more than 131072/,
    ],
    ["of random bytes", Buffer.alloc(5_000, 0xff), /^INTERNAL/],
    ["over the size of a message", Buffer.alloc(9_000_000), /^RESOURCE_EXHAUSTED/],
  ])("%s is ended with the reason", async (_, bytes, wanted) => {
    const client = new Client(`unix:${sockets.delivery}`, credentials.createInsecure());
    const pass = (value: Buffer) => value;
    const call = client.makeBidiStreamRequest(deliveryService.sync.path, pass, pass);
    const ended = new Promise<string>((resolve) => {
      call.once("error", (error: Error & { code: status; details: string }) => {
        resolve(`${status[error.code]} ${error.details}`);
      });
    });
    call.resume().write(Buffer.from(bytes));
    expect(await ended).toMatch(wanted);
    client.close();
  });
});

describe("a crowd of connections", () => {
  const open: Socket[] = [];
  afterEach(() => {
    for (const socket of open.splice(0)) socket.destroy();
  });

  function crowd(
    where: { path: string } | { port: number; host: string },
    count: number,
    says: string | Buffer,
  ) {
    for (let number = 0; number < count; number++) {
      const socket = connect(where as { path: string });
      socket.on("error", () => {});
      if (says.length > 0) socket.write(says);
      open.push(socket.resume());
    }
  }
  const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  const half = "GET /healthz HTTP/1.1\r\nHost: a\r\n";

  test.each([
    ["that say nothing", ""],
    ["of random bytes", Buffer.alloc(5_000, 0xff)],
    [
      "of HTTP/2 that turns to random bytes",
      Buffer.concat([Buffer.from(preface), Buffer.alloc(5_000, 0xff)]),
    ],
    ["whose request never ends", half],
  ])("%s keeps nobody out, at any port", async (_, says) => {
    const health = { port: operatorHealth, host: "127.0.0.1" };
    for (const where of [
      { path: sockets.check },
      { path: sockets.health },
      { path: sockets.delivery },
      health,
    ]) {
      crowd(where, 200, says);
    }
    await eventually(() => sidecar.readiness().catch(() => 0), 200);
    const probe = () =>
      fetch(`http://127.0.0.1:${operatorHealth}/healthz`).then(
        (answer) => answer.status,
        () => 0,
      );
    await eventually(probe, 200);
    expect(await sidecar.ask("ann")).toBe("Allowed");
  });
});
