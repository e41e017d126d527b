import type { Decl, Type } from "@bufbuild/cel-spec/cel/expr/checked_pb.js";
import { Type_PrimitiveType, Type_WellKnownType } from "@bufbuild/cel-spec/cel/expr/checked_pb.js";
import type { SimpleTest } from "@bufbuild/cel-spec/cel/expr/conformance/test/simple_pb.js";
import type { Value } from "@bufbuild/cel-spec/cel/expr/value_pb.js";
import { getConformanceSuite, type IncrementalTestSuite } from "@bufbuild/cel-spec/testdata/tests.js";
import { anyUnpack, DurationSchema, TimestampSchema } from "@bufbuild/protobuf/wkt";

/** One test of the public CEL conformance data. */
export interface CelCase {
  /** "file/section/name". */
  readonly id: string;
  readonly file: string;
  readonly test: SimpleTest;
  /** The value that is to come out in the form of `canonical`, or undefined where an error is to come out. */
  readonly expected: string | undefined;
  /** The type that the check is to find, where the test says so. */
  readonly expectedType: string | undefined;
  /** Why the test says nothing about conditions, or undefined. */
  readonly leftOut: LeftOut | undefined;
}

/**
 * Why a test says nothing about conditions: it needs protobuf messages, where conditions have JSON; functions beside the
 * standard ones, of which conditions have five of the string library; qualified names of variables.
 */
export type LeftOut = "messages" | "extensions" | "names";

const messageFiles = new Set(["proto2", "proto3", "proto2_ext", "enums", "dynamic", "wrappers"]);
const extensionFiles = new Set([
  ...["bindings_ext", "block_ext", "encoders_ext", "macros2", "math_ext", "network_ext", "optionals"],
]);
const stringSections = new Set(["ascii_casing", "split", "trim", "join"]);

export function celCases(): CelCase[] {
  return getConformanceSuite().suites.flatMap((file) => casesOf(file, file.name, ""));
}

function casesOf(suite: IncrementalTestSuite, file: string, section: string): CelCase[] {
  const own = suite.tests.map(({ name, original }) => toCase(file, section, name, original));
  return [...own, ...suite.suites.flatMap((inner) => casesOf(inner, file, inner.name))];
}

function toCase(file: string, section: string, name: string, test: SimpleTest): CelCase {
  const { resultMatcher } = test;
  const typed = resultMatcher.case === "typedResult" ? resultMatcher.value : undefined;
  const value = resultMatcher.case === "value" ? resultMatcher.value : typed?.result;
  const isError = resultMatcher.case === "evalError" || resultMatcher.case === "anyEvalErrors";
  const leftOut = whyLeftOut(file, section, test);
  return {
    id: `${file}/${section}/${name}`,
    file,
    test,
    expected: isError || leftOut !== undefined ? undefined : value === undefined ? "true" : fromProto(value),
    expectedType:
      typed?.deducedType === undefined || leftOut !== undefined ? undefined : typeText(typed.deducedType),
    leftOut,
  };
}

function whyLeftOut(file: string, section: string, test: SimpleTest): LeftOut | undefined {
  if (messageFiles.has(file)) return "messages";
  if (extensionFiles.has(file) || (file === "string_ext" && !stringSections.has(section)))
    return "extensions";
  if (/optional|\.\?|\[\?|cel\.bind|strings\.|math\./.test(test.expr)) return "extensions";
  const text = JSON.stringify([test.expr, ...test.typeEnv.map(String)]);
  if (/TestAllTypes|NestedTest|GlobalEnum|google\.protobuf\.(?!Timestamp|Duration)|google\.type/.test(text))
    return "messages";
  if (usesMessages(test)) return "messages";
  const names = [...Object.keys(test.bindings), ...test.typeEnv.map(({ name }) => name)];
  if (names.some((name) => name.includes(".")) || file === "namespace") return "names";
  return /(^|[^\w)\]"'])\.[a-z]/i.test(test.expr) && file !== "parse" && section.includes("qualified")
    ? "names"
    : undefined;
}

function usesMessages(test: SimpleTest): boolean {
  const { resultMatcher } = test;
  const values = Object.values(test.bindings).flatMap(({ kind }) =>
    kind.case === "value" ? [kind.value] : [],
  );
  if (resultMatcher.case === "value") values.push(resultMatcher.value);
  if (resultMatcher.case === "typedResult" && resultMatcher.value.result)
    values.push(resultMatcher.value.result);
  if (values.some((value) => isMessage(value))) return true;
  const types = test.typeEnv.flatMap(({ declKind }) =>
    declKind.case === "ident" ? [declKind.value.type] : [undefined],
  );
  if (resultMatcher.case === "typedResult") types.push(resultMatcher.value.deducedType);
  return types.some((type) => type === undefined || isMessageType(type));
}

function isMessage({ kind }: Value): boolean {
  if (kind.case === "enumValue") return true;
  if (kind.case === "listValue") return kind.value.values.some(isMessage);
  if (kind.case !== "objectValue") return false;
  return !/\.(Timestamp|Duration)$/.test(kind.value.typeUrl);
}

function isMessageType(type: Type): boolean {
  const { typeKind } = type;
  switch (typeKind.case) {
    case "messageType":
    case "wrapper":
    case "abstractType":
    case "typeParam":
      return true;
    case "wellKnown":
      return typeKind.value === Type_WellKnownType.ANY;
    case "listType":
      return isMessageType(typeKind.value.elemType as Type);
    case "mapType":
      return isMessageType(typeKind.value.keyType as Type) || isMessageType(typeKind.value.valueType as Type);
    default:
      return false;
  }
}

/** A value of the test data in one spelling for all engines. */
export function fromProto({ kind }: Value): string {
  switch (kind.case) {
    case "nullValue":
      return "null";
    case "boolValue":
      return String(kind.value);
    case "int64Value":
      return `int ${kind.value}`;
    case "uint64Value":
      return `uint ${kind.value}`;
    case "doubleValue":
      return `double ${Object.is(kind.value, -0) ? "-0" : kind.value}`;
    case "stringValue":
      return JSON.stringify(kind.value);
    case "bytesValue":
      return `bytes ${Buffer.from(kind.value).toString("hex")}`;
    case "typeValue":
      return `type ${kind.value}`;
    case "listValue":
      return `[${kind.value.values.map(fromProto).join(", ")}]`;
    case "mapValue": {
      const entries = kind.value.entries.map(
        ({ key, value }) => `${fromProto(key as Value)}: ${fromProto(value as Value)}`,
      );
      return `{${entries.sort().join(", ")}}`;
    }
    case "objectValue": {
      const timestamp = anyUnpack(kind.value, TimestampSchema);
      if (timestamp) return `timestamp ${nanos(timestamp)}`;
      return `duration ${nanos(anyUnpack(kind.value, DurationSchema) as { seconds: bigint; nanos: number })}`;
    }
    default:
      throw new Error(`no spelling for ${kind.case}`);
  }
}

export function nanos(time: { readonly seconds: bigint; readonly nanos: number }): bigint {
  return time.seconds * 1_000_000_000n + BigInt(time.nanos);
}

/** The variables that a test declares, with types as `list<int>`. */
export function declaredTypes(declarations: readonly Decl[]): Map<string, string> {
  const types = new Map<string, string>();
  for (const { name, declKind } of declarations) {
    if (declKind.case === "ident") types.set(name, typeText(declKind.value.type as Type));
  }
  return types;
}

function typeText({ typeKind }: Type): string {
  switch (typeKind.case) {
    case "primitive":
      return Type_PrimitiveType[typeKind.value].toLowerCase().replace("64", "");
    case "wellKnown":
      return `google.protobuf.${typeKind.value === Type_WellKnownType.TIMESTAMP ? "Timestamp" : "Duration"}`;
    case "listType":
      return `list<${typeText(typeKind.value.elemType as Type)}>`;
    case "mapType":
      return `map<${typeText(typeKind.value.keyType as Type)}, ${typeText(typeKind.value.valueType as Type)}>`;
    case "null":
      return "null";
    case "type":
      return "type";
    default:
      return "dyn";
  }
}
