import {
  Composer,
  type CST,
  type Document,
  isNode,
  isScalar,
  Lexer,
  LineCounter,
  Parser,
  Schema,
  visit,
} from "yaml";
import { manifestLimits } from "./manifest-limits.ts";
import { resolvePlainScalar } from "./resolve-scalar.ts";

/** The scalar types of kubectl's YAML: resolve-scalar.ts decides, the patterns only choose which tag asks it. */
const kubernetesSchema = new Schema({
  schema: "failsafe",
  merge: true,
  resolveKnownTags: false,
  customTags: (tags) => [
    ...tags,
    { tag: "tag:yaml.org,2002:null", default: true, test: /^(?:~|null|Null|NULL)?$/, resolve: () => null },
    {
      tag: "tag:yaml.org,2002:bool",
      default: true,
      test: /^(?:y|Y|yes|Yes|YES|on|On|ON|true|True|TRUE|n|N|no|No|NO|off|Off|OFF|false|False|FALSE)$/,
      resolve: resolvePlainScalar,
    },
    { tag: "tag:yaml.org,2002:int", default: true, test: /^[-+]?[0-9]/, resolve: resolvePlainScalar },
    { tag: "tag:yaml.org,2002:float", default: true, test: /^[-+]?\.[0-9]/, resolve: resolvePlainScalar },
  ],
});

/** A mistake in the text itself. `line` counts from 1. */
export interface SyntaxProblem {
  readonly line: number;
  readonly message: string;
  /** Whether the text is refused for what it would grow to, not for how it is written. */
  readonly excessive: boolean;
}

export interface ParsedYaml {
  /** The value of each document that has content, in order. Empty when there are problems. */
  readonly values: readonly unknown[];
  readonly problems: readonly SyntaxProblem[];
}

/**
 * Reads YAML in full, as kubectl does, except that it is stricter: a key given twice, a key that is no scalar or null, an
 * unknown tag, deep nesting and aliases that multiply are problems. Costs about half a microsecond a byte, which is why
 * parse-plain-yaml.ts is tried first.
 */
export function parseYaml(text: string): ParsedYaml {
  const { documents, lineCounter, tooDeepAt } = parseDocuments(text);
  const lineAt = (offset: number) => Math.max(1, lineCounter.linePos(offset).line);
  if (tooDeepAt !== undefined) return { values: [], problems: [{ line: lineAt(tooDeepAt), ...TOO_DEEP }] };
  const values: unknown[] = [];
  for (const document of documents) {
    const problems = problemsOf(document, lineAt);
    if (problems.length > 0) return { values: [], problems };
    if (document.contents === null) continue;
    const value = plainValue(document, lineAt);
    if (value.problem) return { values: [], problems: [value.problem] };
    if (value.value !== null) values.push(value.value);
  }
  return { values, problems: [] };
}

/** The documents of a text with the positions of their nodes. */
export interface ParsedDocuments {
  readonly documents: readonly Document.Parsed[];
  readonly lineCounter: LineCounter;
  /** The offset at which reading ended early, because the text nests deeper than any document may. */
  readonly tooDeepAt: number | undefined;
}

/** Takes a text apart. One that nests too deeply is left before it is composed, which would take a kilobyte a level. */
export function parseDocuments(text: string): ParsedDocuments {
  const lineCounter = new LineCounter();
  const parser = new Parser(lineCounter.addNewLine);
  const composer = new Composer({
    schema: kubernetesSchema,
    merge: true,
    // The library compares each key with all before it, which is quadratic; see refusedKeys.
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "silent",
  });
  let tooDeepAt: number | undefined;
  function* tokens(): Generator<CST.Token> {
    for (const lexeme of new Lexer().lex(text)) {
      yield* parser.next(lexeme);
      if (parser.stack.length <= MOST_OPEN) continue;
      tooDeepAt = parser.offset;
      return;
    }
    yield* parser.end();
  }
  lineCounter.addNewLine(0);
  const documents = [...composer.compose(tokens())];
  return { documents, lineCounter, tooDeepAt };
}

/** What the parser may have open: the levels, the document, and what stands in the deepest of them. */
const MOST_OPEN = manifestLimits.depth + 4;

const TOO_DEEP = {
  message: `The document nests deeper than ${manifestLimits.depth} levels`,
  excessive: true,
};

type LineAt = (offset: number) => number;

function problemsOf(document: Document.Parsed, lineAt: LineAt): SyntaxProblem[] {
  // What follows the first mistake is mostly its consequence.
  const first = document.errors[0] ?? document.warnings[0];
  if (first !== undefined) return [{ line: lineAt(first.pos[0]), ...explain(first.message) }];
  return [...refusedKeys(document, lineAt), ...refusedAliases(document, lineAt)];
}

function plainValue(document: Document.Parsed, lineAt: LineAt): { value?: unknown; problem?: SyntaxProblem } {
  const line = lineAt(document.contents?.range[0] ?? 0);
  try {
    const value: unknown = document.toJS({ maxAliasCount: manifestLimits.aliases });
    if (!isExcessive(value)) return { value };
    return {
      problem: { line, message: "The document nests too deeply or its aliases multiply", excessive: true },
    };
  } catch (error) {
    // A ReferenceError for an alias without an anchor or for too many aliases, a RangeError for too deep a nesting.
    if (!(error instanceof ReferenceError || error instanceof RangeError)) throw error;
    return { problem: { line, ...explain(error.message) } };
  }
}

function refusedKeys(document: Document.Parsed, lineAt: LineAt): SyntaxProblem[] {
  const problems: SyntaxProblem[] = [];
  visit(document, {
    Map(_, map) {
      const keys = new Set<string>();
      for (const { key } of map.items) {
        const line = lineAt(isNode(key) ? (key.range?.[0] ?? 0) : 0);
        if (!isScalar(key) || key.value === null) {
          problems.push({ line, message: "A key must be a string", excessive: false });
        } else if (keys.has(String(key.value))) {
          problems.push({ line, message: `The key "${key.value}" is given twice`, excessive: false });
        } else keys.add(String(key.value));
      }
    },
  });
  return problems;
}

/** Each alias costs a walk through the document to find its anchor, each merge key a copy of what it stands for. */
function refusedAliases(document: Document.Parsed, lineAt: LineAt): SyntaxProblem[] {
  const problems: SyntaxProblem[] = [];
  const length = document.range[2];
  let count = 0;
  visit(document, {
    Alias(_, alias) {
      if (++count * length <= manifestLimits.aliasWork) return undefined;
      const message = `The document has too many aliases for its ${length} characters`;
      problems.push({ line: lineAt(alias.range?.[0] ?? 0), message, excessive: true });
      return visit.BREAK;
    },
  });
  return problems;
}

/** Whether a value is nested too deeply, refers to itself, or has grown by its aliases beyond what its text could hold. */
function isExcessive(value: unknown): boolean {
  let nodes = 0;
  const exceeds = (node: unknown, depth: number): boolean => {
    if (++nodes > manifestLimits.documentLength || depth > manifestLimits.depth) return true;
    if (typeof node !== "object" || node === null) return false;
    return Object.values(node).some((child) => exceeds(child, depth + 1));
  };
  return exceeds(value, 0);
}

/** The parser's message, without the excerpt that may follow it, in words that say what to do. */
function explain(message: string): { message: string; excessive: boolean } {
  if (message.startsWith("Maximum call stack")) {
    return TOO_DEEP;
  }
  if (message.startsWith("Excessive alias count")) {
    return {
      message: `The aliases of the document stand for more than ${manifestLimits.aliases} times its content`,
      excessive: true,
    };
  }
  return { message: (message.split("\n")[0] as string).replace(/[.:]$/, ""), excessive: false };
}
