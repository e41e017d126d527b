/**
 * Generates proto/generated from the .proto files: codecs by pbjs, their types by generate-types.ts,
 * descriptors for server reflection by generate-descriptors.ts.
 * Run it with `node proto/generate.ts`; generate.test.ts proves that the committed files are fresh.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import protobuf from "protobufjs";
import pbjs from "protobufjs-cli/pbjs.js";
import { descriptorsOf, descriptorTypes, type ProtoFile } from "./generate-descriptors.ts";
import { declared, typesOf } from "./generate-types.ts";

const modules = [
  { name: "callers", file: "sidegate/v1/callers.proto" },
  { name: "decision", file: "sidegate/v1/decision.proto" },
  { name: "delivery", file: "sidegate/v1/delivery.proto" },
  { name: "fleet", file: "sidegate/v1/fleet.proto" },
  { name: "shard", file: "sidegate/v1/shard.proto" },
  { name: "health", file: "grpc/health/v1/health.proto" },
  { name: "reflection", file: "grpc/reflection/v1/reflection.proto" },
  { name: "error", file: "google/rpc/error.proto" },
] as const;

/** What server reflection shows. */
const described = [
  { root: "sidegate/v1/decision.proto", package: "sidegate.v1", imports: ["google/protobuf/struct.proto"] },
  { root: "sidegate/v1/decision.proto", package: "google.protobuf", name: "google/protobuf/struct.proto" },
  { root: "grpc/health/v1/health.proto", package: "grpc.health.v1" },
  { root: "grpc/reflection/v1/reflection.proto", package: "grpc.reflection.v1" },
  { root: "google/rpc/error.proto", package: "google.rpc", imports: ["google/protobuf/any.proto"] },
  { root: "google/rpc/error.proto", package: "google.protobuf", name: "google/protobuf/any.proto" },
] as const;

const here = import.meta.dirname;
const wellKnown = join(createRequire(import.meta.url).resolve("protobufjs/package.json"), "..");

/** All generated files, path (relative to proto/) to content. */
export async function generate(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const { name, file } of modules) {
    const root = load(file);
    files.set(`generated/${name}.js`, (await codecsOf(name, file)) + flatExports(root));
    files.set(`generated/${name}.d.ts`, typesOf(root, file));
  }
  files.set("generated/descriptors.js", descriptorsOf(described.map(protoFile)));
  files.set("generated/descriptors.d.ts", descriptorTypes);
  return files;
}

function protoFile(file: (typeof described)[number]): ProtoFile {
  return {
    name: "name" in file ? file.name : file.root,
    package: load(file.root).lookup(file.package) as protobuf.Namespace,
    imports: "imports" in file ? file.imports : [],
  };
}

function load(file: string): protobuf.Root {
  const root = new protobuf.Root();
  root.resolvePath = (_origin, target) =>
    join(target.startsWith("google/protobuf/") ? wellKnown : here, target);
  root.loadSync(file, { alternateCommentMode: true, keepCase: false });
  root.resolveAll();
  return root;
}

function codecsOf(name: string, file: string): Promise<string> {
  const leaveOut = ["create", "convert", "delimited", "verify", "typeurl", "service", "comments"];
  const args = [
    ...["--target", "static-module", "--wrap", "esm", "--force-number", "--root", `sidegate-${name}`],
    ...leaveOut.map((what) => `--no-${what}`),
    ...["--path", here, "--path", wellKnown],
    join(here, file),
  ];
  return new Promise((resolve, reject) => {
    pbjs.main(args, (error, output) => (error ? reject(error) : resolve(plainNumbers(output ?? ""))));
  });
}

/**
 * protobufjs answers Long objects for 64-bit integers wherever the package `long` is installed, whatever pbjs was told
 * (https://github.com/protobufjs/protobuf.js/issues/1109). Ours (epochs and times) fit a number.
 */
function plainNumbers(code: string): string {
  return code
    .replace(/\$util\.Long \? \$util\.Long\.fromBits\(0,0,(?:true|false)\) : 0/g, "0")
    .replace(/reader\.(u?int64|sint64|s?fixed64)\(\)/g, "$$Number(reader.$1())")
    .replace(
      "$Object = $util.global.Object,",
      "$Object = $util.global.Object, $Number = $util.global.Number,",
    );
}

/** Exports every message and enum by its simple name, so that nobody has to write the package's path. */
function flatExports(root: protobuf.Root): string {
  return declared(root)
    .map((item) => `export const ${item.name} = ${item.fullName.slice(1)};\n`)
    .join("");
}

if (import.meta.main) {
  mkdirSync(join(here, "generated"), { recursive: true });
  for (const [path, content] of await generate()) writeFileSync(join(here, path), content);
}
