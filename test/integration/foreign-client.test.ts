import { join } from "node:path";
import {
  credentials,
  loadPackageDefinition,
  type ServiceError,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Fixture, policyOf, shop, startFixture, use } from "./sidecar-fixture.ts";

/**
 * A client as others write it: made from the published .proto files by another tool than ours, so that a mistake in our codecs
 * can not hide behind itself.
 */
const root = join(import.meta.dirname, "../../proto");
const definition = loadSync("sidegate/v1/decision.proto", {
  includeDirs: [root],
  keepCase: true,
  enums: String,
  defaults: true,
  oneofs: true,
});
const loaded = loadPackageDefinition(definition) as unknown as {
  sidegate: {
    v1: {
      Sidegate: new (
        address: string,
        credentials: unknown,
      ) => UntypedServiceImplementation & { close(): void };
    };
  };
};

let fixture: Fixture;
let client: InstanceType<typeof loaded.sidegate.v1.Sidegate>;

beforeAll(async () => {
  fixture = await startFixture();
  use(fixture, policyOf(shop));
  client = new loaded.sidegate.v1.Sidegate(fixture.addresses[1], credentials.createInsecure());
});

afterAll(async () => {
  client.close();
  await fixture.stop();
});

type Method = (request: unknown, callback: (error: ServiceError | null, response: unknown) => void) => void;

function call(method: "Check" | "BatchCheck", request: unknown): Promise<unknown> {
  return new Promise((resolve, reject) =>
    (client[method] as unknown as Method).call(client, request, (error, response) =>
      error ? reject(error) : resolve(response),
    ),
  );
}

const ann = { kind: "User", name: "ann" };

describe("A client made from the published .proto files by another tool", () => {
  it("gets an allow, with who granted it", async () => {
    const request = { subject: ann, permission: "logs:view", scope: "environment/acme-prod", explain: true };
    expect(await call("Check", request)).toMatchObject({
      allowed: true,
      reason: "ALLOWED",
      disclosure: "DISCLOSURE_UNSPECIFIED",
      explanation: { binding: "ann-views", role: "viewer", scope: "organization/acme", subject: "User:ann" },
    });
  });

  it("gets denials with what the subject may learn", async () => {
    const denied = { subject: ann, permission: "logs:manage", scope: "environment/acme-prod" };
    const hidden = {
      subject: { kind: "User", name: "eve" },
      permission: "logs:view",
      scope: "environment/acme-prod",
    };
    expect(await call("BatchCheck", { checks: [denied, hidden] })).toMatchObject({
      results: [
        {
          response: {
            allowed: false,
            reason: "EXPLICIT_DENY",
            disclosure: "FORBIDDEN",
            public_reason: "EXPLICIT_DENY",
          },
        },
        {
          response: {
            allowed: false,
            reason: "NO_GRANT",
            disclosure: "NOT_FOUND",
            public_reason: "REASON_UNSPECIFIED",
          },
        },
      ],
    });
  });

  it("takes attributes and context as google.protobuf.Struct", async () => {
    const attributes = {
      fields: { team: { stringValue: "ops" }, tags: { listValue: { values: [{ numberValue: 1 }] } } },
    };
    const request = {
      subject: { ...ann, attributes },
      permission: "logs:view",
      scope: "environment/acme-prod",
      context: attributes,
    };
    expect(await call("Check", request)).toMatchObject({ allowed: true });
  });

  it("gets INVALID_ARGUMENT with the field for a malformed request", async () => {
    const request = { subject: ann, permission: "logs", scope: "environment/acme-prod" };
    await expect(call("Check", request)).rejects.toMatchObject({
      code: 3,
      details: expect.stringContaining("type:verb"),
    });
  });
});
