import protobuf from "protobufjs";

/**
 * The TypeScript declarations of generated codecs. pbts' own declarations make every field of a nested message
 * optional and nullable; these say what a decoded message really holds.
 */
export function typesOf(root: protobuf.Root, file: string): string {
  const parts = declared(root).map((item) =>
    item instanceof protobuf.Type ? messageType(item) : enumType(item),
  );
  return [
    `// Generated from ${file} by proto/generate.ts.\n`,
    `import type { MessageType } from "../message-type.ts";\n`,
    ...parts,
  ].join("\n");
}

function messageType(type: protobuf.Type): string {
  const oneofs = type.oneofsArray.map(
    (oneof) =>
      `${comment(oneof.comment ?? "Which of these is set.", "  ")}  readonly ${oneof.name}?: ${oneof.oneof.map((field) => `"${field}"`).join(" | ")};\n`,
  );
  const fields = type.fieldsArray.map(
    (field) => `${comment(field.comment, "  ")}  ${field.name}: ${fieldType(field)};\n`,
  );
  return (
    `${comment(type.comment, "")}export interface ${type.name} {\n${fields.join("")}${oneofs.join("")}}\n` +
    `export const ${type.name}: MessageType<${type.name}>;\n`
  );
}

function fieldType(field: protobuf.Field): string {
  if (field instanceof protobuf.MapField) return `{ [key: string]: ${valueType(field)} }`;
  if (field.repeated) return `${valueType(field)}[]`;
  const nullable = field.partOf !== null || field.resolvedType instanceof protobuf.Type;
  return nullable ? `${valueType(field)} | null` : valueType(field);
}

function valueType(field: protobuf.Field): string {
  if (field.resolvedType) return field.resolvedType.name;
  if (field.type === "string") return "string";
  if (field.type === "bool") return "boolean";
  return field.type === "bytes" ? "Uint8Array" : "number";
}

function enumType(item: protobuf.Enum): string {
  const names = Object.entries(item.values);
  const values = names.map(
    ([name, value]) => `${comment(item.comments[name] ?? null, "  ")}  readonly ${name}: ${value};\n`,
  );
  return (
    `${comment(item.comment, "")}export const ${item.name}: {\n${values.join("")}};\n` +
    `export type ${item.name} = ${names.map(([, value]) => value).join(" | ")};\n`
  );
}

function comment(text: string | null, indent: string): string {
  if (!text) return "";
  const lines = text.split("\n");
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}`.trimEnd()).join("\n")}\n${indent} */\n`;
}

/** The messages and enums of a root, outer before inner. */
export function declared(namespace: protobuf.NamespaceBase): (protobuf.Type | protobuf.Enum)[] {
  return namespace.nestedArray.flatMap((item) => {
    if (item instanceof protobuf.Enum) return [item];
    const inner = item instanceof protobuf.Namespace ? declared(item) : [];
    return item instanceof protobuf.Type ? [item, ...inner] : inner;
  });
}
