import { Client, credentials } from "@grpc/grpc-js";
import protobuf from "protobufjs";
import descriptor from "protobufjs/ext/descriptor.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { protoFiles } from "../../proto/generated/descriptors.js";
import type { ServerReflectionRequest, ServerReflectionResponse } from "../../proto/generated/reflection.js";
import type { Input } from "../../proto/message-type.ts";
import { reflectionService } from "../../proto/reflection-service.ts";
import { type Fixture, startFixture } from "./sidecar-fixture.ts";

let fixture: Fixture;
let client: Client;

beforeAll(async () => {
  fixture = await startFixture();
  client = new Client(fixture.addresses[1], credentials.createInsecure());
});

afterAll(async () => {
  client.close();
  await fixture.stop();
});

/** Asks all questions on one stream. */
function ask(
  version: keyof typeof reflectionService,
  questions: readonly Input<ServerReflectionRequest>[],
): Promise<ServerReflectionResponse[]> {
  const { path, requestSerialize, responseDeserialize } = reflectionService[version];
  const stream = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
  const answers: ServerReflectionResponse[] = [];
  stream.on("data", (answer) => answers.push(answer));
  for (const question of questions) stream.write(question as ServerReflectionRequest);
  stream.end();
  return new Promise((resolve, reject) => {
    stream.on("error", reject);
    stream.on("end", () => resolve(answers));
  });
}

const filesIn = (answer: ServerReflectionResponse | undefined) =>
  (answer?.fileDescriptorResponse?.fileDescriptorProto ?? []).map((bytes) =>
    descriptor.FileDescriptorProto.toObject(descriptor.FileDescriptorProto.decode(bytes)),
  );

interface Described {
  readonly name: string;
  readonly field?: readonly { readonly typeName?: string }[];
  readonly nestedType?: readonly Described[];
  readonly enumType?: readonly Described[];
}

/** The messages and enums of a file, with their full names and those that their fields name. */
function typesIn(file: { [key: string]: unknown }): { name: string; references: string[] }[] {
  const walk = (prefix: string, types: readonly Described[] = []): { name: string; references: string[] }[] =>
    types.flatMap((type) => {
      const name = `${prefix}.${type.name}`;
      const references = (type.field ?? []).flatMap(({ typeName }) => typeName ?? []);
      return [{ name, references }, ...walk(name, type.nestedType), ...walk(name, type.enumType)];
    });
  const { messageType, enumType, package: prefix } = file;
  return [messageType, enumType].flatMap((types) => walk(`.${prefix}`, types as readonly Described[]));
}

describe.each(["v1", "v1alpha"] as const)("reflection %s", (version) => {
  test("lists the services", async () => {
    const [answer] = await ask(version, [{ listServices: "*" }]);
    expect(answer?.listServicesResponse?.service.map(({ name }) => name)).toEqual([
      "sidegate.v1.Sidegate",
      "grpc.health.v1.Health",
      "grpc.reflection.v1.ServerReflection",
    ]);
  });

  test("gives the file of a service, a method, a message and a field, with what it imports", async () => {
    const symbols = ["Sidegate", "Sidegate.Check", "CheckRequest", "CheckRequest.active_roles", "Reason"];
    const answers = await ask(
      version,
      symbols.map((symbol) => ({ fileContainingSymbol: `sidegate.v1.${symbol}` })),
    );
    for (const answer of answers) {
      expect(filesIn(answer).map(({ name }) => name)).toEqual([
        "sidegate/v1/decision.proto",
        "google/protobuf/struct.proto",
      ]);
    }
    expect(answers).toHaveLength(symbols.length);
  });

  test("gives all that a tool needs to resolve what a file refers to", async () => {
    const { length } = protoFiles;
    const answers = await ask(
      version,
      protoFiles.map(({ name }) => ({ fileByFilename: name })),
    );
    expect(answers).toHaveLength(length);
    for (const answer of answers) {
      const files = filesIn(answer);
      const names = files.flatMap((file) => typesIn(file).map(({ name }) => name));
      const references = files.flatMap((file) => typesIn(file).flatMap((type) => type.references));
      expect(names).toEqual(expect.arrayContaining(references));
    }
  });

  test("says what it does not have", async () => {
    const answers = await ask(version, [
      { fileContainingSymbol: "sidegate.v1.Delivery" },
      { fileByFilename: "etc/passwd" },
      { fileContainingExtension: { containingType: "sidegate.v1.Subject", extensionNumber: 1 } },
      { allExtensionNumbersOfType: "nothing" },
      {},
    ]);
    expect(answers.map((answer) => answer.errorResponse?.errorCode)).toEqual([5, 5, 5, 5, 12]);
  });
});

test("the descriptors say what the codecs do", async () => {
  const [answer] = await ask("v1", [{ fileByFilename: "sidegate/v1/decision.proto" }]);
  const [file] = filesIn(answer);
  const fields = (message: string) =>
    file?.messageType.find(({ name }: { name: string }) => name === message).field;
  expect(fields("CheckRequest")).toContainEqual(
    expect.objectContaining({ name: "active_roles", number: 7, label: 3, type: 9, jsonName: "activeRoles" }),
  );
  expect(fields("CheckRequest")).toContainEqual(
    expect.objectContaining({ name: "context", number: 6, typeName: ".google.protobuf.Struct" }),
  );
  expect(fields("BatchCheckResult")).toContainEqual(
    expect.objectContaining({ name: "error", oneofIndex: 0 }),
  );
  const source = protobuf.loadSync("proto/sidegate/v1/decision.proto");
  const declared = source.lookupService("sidegate.v1.Sidegate").methodsArray.map(({ name }) => name);
  expect(file?.service[0].method.map(({ name }: { name: string }) => name)).toEqual(declared);
});
