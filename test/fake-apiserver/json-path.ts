import { isObject } from "./json.ts";

type Step = (values: readonly unknown[]) => unknown[];

const FIELD = /^\.([A-Za-z_][-\w]*)/;
const KEY = /^\['([^']*)'\]/;
const INDEX = /^\[(\d+|\*)\]/;
const FILTER = /^\[\?\(@\.([A-Za-z_]\w*)\s*==\s*(?:"([^"]*)"|'([^']*)')\)\]/;

const compiled = new Map<string, Step[]>();

/**
 * The values at a JSONPath of the kind that CustomResourceDefinitions use: `.a.b`, `['a.b/c']`, `[0]`, `[*]` and
 * `[?(@.type=="Ready")]`. Throws for all else, which is a defect of the definition.
 */
export function valuesAt(value: unknown, path: string): unknown[] {
  let steps = compiled.get(path);
  if (steps === undefined) {
    steps = compile(path);
    compiled.set(path, steps);
  }
  return steps.reduce<unknown[]>((values, step) => step(values), [value]);
}

function compile(path: string): Step[] {
  const steps: Step[] = [];
  let rest = path;
  while (rest !== "") {
    const [step, length] = nextStep(rest, path);
    steps.push(step);
    rest = rest.slice(length);
  }
  return steps;
}

function nextStep(rest: string, path: string): [step: Step, length: number] {
  const named = FIELD.exec(rest) ?? KEY.exec(rest);
  if (named !== null) {
    const name = named[1] as string;
    return [
      (values) =>
        values.flatMap((value) => (isObject(value) && Object.hasOwn(value, name) ? [value[name]] : [])),
      named[0].length,
    ];
  }
  const indexed = INDEX.exec(rest);
  if (indexed !== null) {
    const items = (list: unknown[]) =>
      indexed[1] === "*" ? list : list.slice(Number(indexed[1]), Number(indexed[1]) + 1);
    return [
      (values) => values.flatMap((value) => (Array.isArray(value) ? items(value) : [])),
      indexed[0].length,
    ];
  }
  const filter = FILTER.exec(rest);
  if (filter === null) throw new Error(`the JSONPath ${path} can not be read from "${rest}" on`);
  const wanted = filter[2] ?? filter[3];
  const fits = (item: unknown) => isObject(item) && item[filter[1] as string] === wanted;
  return [
    (values) => values.flatMap((value) => (Array.isArray(value) ? value.filter(fits) : [])),
    filter[0].length,
  ];
}
