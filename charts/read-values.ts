import { isMap, isPair, isScalar, isSeq, type Pair, parseDocument, type YAMLMap } from "yaml";

/** A JSON Schema, as far as the chart's values need it. */
export type ValueSchema = Readonly<Record<string, unknown>>;

/** A key of values.yaml. */
export interface ChartValue {
  /** "operator.resources". */
  readonly path: string;
  readonly name: string;
  /** The comment before the key. */
  readonly description: string;
  readonly default: unknown;
  /** What "@schema" says besides. */
  readonly annotation: ValueSchema;
  /** The keys below, of a map that has some. */
  readonly children: readonly ChartValue[];
}

/**
 * Reads the values of a chart with their comments.
 *
 * @throws Error naming the key that is not described, or whose type can not be told from an empty default
 */
export function readChartValues(text: string): ChartValue[] {
  const document = parseDocument(text);
  if (document.errors[0] !== undefined) throw document.errors[0];
  if (!isMap(document.contents)) throw new Error("values.yaml holds no map");
  return readMap(document.contents, "");
}

function readMap(map: YAMLMap, prefix: string): ChartValue[] {
  return map.items.map((pair, index) => {
    if (!isPair(pair) || !isScalar(pair.key)) throw new Error(`${prefix}: a key is no text`);
    // The comment before a map's first key is the map's.
    const comment = pair.key.commentBefore ?? (index === 0 ? map.commentBefore : undefined) ?? "";
    return readPair(pair, `${prefix}${pair.key.value}`, comment);
  });
}

function readPair(pair: Pair, path: string, comment: string): ChartValue {
  // A blank line ends what is said of the whole file.
  const lines = comment
    .split(/\n\s*\n/)
    .at(-1)!
    .split("\n")
    .map((line) => line.trim());
  const isAnnotation = (line: string) => line.startsWith("@schema ");
  const description = lines
    .filter((line) => !isAnnotation(line))
    .join(" ")
    .trim();
  if (description === "") throw new Error(`${path} is not described`);
  const annotation = Object.assign(
    {},
    ...lines.filter(isAnnotation).map((line) => JSON.parse(line.slice("@schema ".length))),
  ) as ValueSchema;
  const { value } = pair;
  const isEmpty = (isMap(value) || isSeq(value)) && value.items.length === 0;
  if ((isEmpty || (isScalar(value) && value.value === null)) && Object.keys(annotation).length === 0)
    throw new Error(`${path} is empty: an @schema line has to say what it may hold`);
  const isOpen = annotation.additionalProperties === true;
  return {
    path,
    name: path.split(".").at(-1) as string,
    description,
    default: isMap(value) || isSeq(value) || isScalar(value) ? value.toJSON() : undefined,
    annotation,
    children: isMap(value) && !isOpen ? readMap(value, `${path}.`) : [],
  };
}
