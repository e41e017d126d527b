import type { Value as ProtoValue } from "@bufbuild/cel-spec/cel/expr/value_pb.js";
import { anyUnpack, DurationSchema, TimestampSchema } from "@bufbuild/protobuf/wkt";
import { compile } from "../../engine/condition/cel/compile.ts";
import { createEnvironment } from "../../engine/condition/cel/environment.ts";
import { readProgram, runProgram } from "../../engine/condition/cel/program.ts";
import type { Evaluate, ReadVariable } from "../../engine/condition/cel/run.ts";
import {
  Bytes,
  Duration,
  Failure,
  isList,
  MapValue,
  Timestamp,
  TypeValue,
  toKey,
  Uint,
  type Value,
} from "../../engine/condition/cel/value.ts";
import { type CelCase, declaredTypes, nanos } from "./cel-cases.ts";

/** What came out: a value in the spelling of cel-cases.ts, or an error, and the type that the check found. */
export interface Outcome {
  readonly value: string | undefined;
  readonly type?: string | undefined;
  readonly error?: string | undefined;
}

const limits = { maxDepth: 250, maxAstNodes: 10_000 };

/** Runs a test on the engine of conditions. */
export function runOnConditions({ test }: CelCase): Outcome {
  const environment = createEnvironment(limits);
  const bindings = Object.entries(test.bindings).flatMap(([name, { kind }]) =>
    kind.case === "value" ? [[name, toValue(kind.value)] as const] : [],
  );
  const types = declaredTypes(test.typeEnv);
  const variables = new Map<string, ReadVariable>([...types.keys()].map((name) => [name, () => undefined]));
  for (const [name, value] of bindings) variables.set(name, () => value);
  for (const name of variables.keys()) environment.registerVariable(name, types.get(name) ?? "dyn");
  let evaluate: Evaluate;
  let type: string | undefined;
  if (test.disableCheck) {
    try {
      evaluate = compile(environment.parse(test.expr).ast, {
        variables,
        locals: [],
        patterns: { instructions: 0 },
      });
    } catch (error) {
      return { value: undefined, error: String(error) };
    }
  } else {
    const program = readProgram(test.expr, environment, variables, { all: 1000, made: 1000 });
    if ("message" in program) return { value: undefined, error: program.message };
    ({ evaluate, type } = program);
  }
  if (test.checkOnly) return { value: undefined, type };
  const result = runProgram(evaluate, {}, 1_000_000);
  if (result instanceof Failure) return { value: undefined, type, error: result.message };
  return { value: spell(result), type };
}

function toValue({ kind }: ProtoValue): Value {
  switch (kind.case) {
    case "nullValue":
      return null;
    case "boolValue":
    case "int64Value":
    case "doubleValue":
    case "stringValue":
      return kind.value;
    case "uint64Value":
      return new Uint(kind.value);
    case "bytesValue":
      return new Bytes(kind.value);
    case "typeValue":
      return new TypeValue(kind.value);
    case "listValue":
      return kind.value.values.map(toValue);
    case "mapValue": {
      const entries = kind.value.entries.map(({ key, value }) => {
        const converted = toValue(key as ProtoValue);
        return [toKey(converted) as string, { key: converted, value: toValue(value as ProtoValue) }] as const;
      });
      return new MapValue(new Map(entries));
    }
    case "objectValue": {
      const timestamp = anyUnpack(kind.value, TimestampSchema);
      if (timestamp) return new Timestamp(nanos(timestamp));
      return new Duration(nanos(anyUnpack(kind.value, DurationSchema) as { seconds: bigint; nanos: number }));
    }
    default:
      throw new Error(`no value for ${kind.case}`);
  }
}

function spell(value: Value): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "bigint") return `int ${value}`;
  if (typeof value === "number") return `double ${Object.is(value, -0) ? "-0" : value}`;
  if (typeof value === "string") return JSON.stringify(value);
  if (value instanceof Uint) return `uint ${value.value}`;
  if (value instanceof Bytes) return `bytes ${Buffer.from(value.bytes).toString("hex")}`;
  if (value instanceof Timestamp) return `timestamp ${value.nanos}`;
  if (value instanceof Duration) return `duration ${value.nanos}`;
  if (value instanceof TypeValue) return `type ${value.name}`;
  if (isList(value)) return `[${value.map(spell).join(", ")}]`;
  if (!(value instanceof MapValue)) throw new Error("a map from the caller came out");
  return `{${[...value.entries.values()]
    .map((entry) => `${spell(entry.key)}: ${spell(entry.value)}`)
    .sort()
    .join(", ")}}`;
}
