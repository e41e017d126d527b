import { manifestLimits } from "./manifest-limits.ts";
import { beyondPlain, type Locations, parsePlainFlow } from "./parse-plain-flow.ts";
import { resolvePlainScalar } from "./resolve-scalar.ts";

/**
 * Reads the part of YAML that manifests are nearly always written in: block mappings and sequences, plain and simply quoted
 * scalars on one line, literal block scalars (`|`, `|-`), flow collections on one line, comments. Whatever goes beyond,
 * mistakes included, is left to the full parser. It exists because it is thirty times faster, which is what
 * lets 100,000 manifests load in a second.
 *
 * INVARIANT: a document that it reads means the same to the full parser. A property test compares the two.
 */

const SEPARATOR = /^---(?: +#.*)?$/;
const KEY = /[A-Za-z][-A-Za-z0-9_./]*(?=:(?: |$))/my;
const DOUBLE_QUOTED = /^"([^"\\]*)"(?: +#.*)?$/;
const SINGLE_QUOTED = /^'([^']*)'(?: +#.*)?$/;
/** What may follow a flow collection. */
const REST = /^ *(?: #.*)?$/;
const LITERAL = /^\|(-?)(?: +#.*)?$/;
/** A plain scalar may hold most characters, but begin with few. */
const PLAIN_START = /^[A-Za-z0-9_./]/;
/** What ends or forbids a plain scalar on one line. */
const PLAIN_END = /: |:$| #/;
/** Numbers, and the words that mean null or a boolean. */
const MAY_BE_TYPED = /^(?:[.0-9]|.{1,5}$)/;
/** Tabs and line breaks other than the line feed have rules of their own. */
const UNUSUAL = /[\t\r\u0085\u2028\u2029]/;

/**
 * The value of one YAML document, or undefined where it goes beyond plain YAML.
 *
 * @param text one document, with or without its `---`
 * @param locations filled with the offset of each key and item, if given
 */
export function parsePlainYaml(text: string, locations?: Locations): unknown {
  if (UNUSUAL.test(text)) return undefined;
  try {
    const reader = new PlainReader(text, locations);
    return reader.document();
  } catch (error) {
    if (error === beyondPlain) return undefined;
    throw error;
  }
}

/** A cursor that stands at the first character of a line's content, behind its indentation and the dashes before it. */
class PlainReader {
  readonly #text: string;
  readonly #locations: Locations | undefined;
  /** Offset of the content; the text's length at the end. */
  #at = 0;
  /** Offset of the line's end. */
  #end = -1;
  /** Column of the content, or -1 at the end of the text. */
  #column = 0;

  constructor(text: string, locations: Locations | undefined) {
    this.#text = text;
    this.#locations = locations;
  }

  document(): unknown {
    this.#nextLine();
    if (this.#column === 0 && SEPARATOR.test(this.#content())) this.#nextLine();
    if (this.#isAtEnd()) return undefined;
    if (this.#column !== 0) throw beyondPlain;
    const value = this.#node(0, 0);
    if (!this.#isAtEnd()) throw beyondPlain;
    return value;
  }

  /** A block mapping or sequence at `column`. */
  #node(column: number, depth: number): unknown {
    if (depth > manifestLimits.depth) throw beyondPlain;
    return this.#isDash() ? this.#sequence(column, depth) : this.#mapping(column, depth);
  }

  #mapping(column: number, depth: number): Record<string, unknown> {
    const map: Record<string, unknown> = {};
    const locations = this.#newLocations(map);
    let keys = 0;
    while (this.#column === column && !this.#isDash()) {
      if (++keys > manifestLimits.keys) throw beyondPlain;
      KEY.lastIndex = this.#at;
      const key = KEY.exec(this.#text)?.[0];
      if (key === undefined || KEY.lastIndex > this.#end) throw beyondPlain;
      if (Object.hasOwn(map, key) || (key.length <= 5 && resolvePlainScalar(key) !== key)) throw beyondPlain;
      locations?.set(key, this.#at);
      this.#at += key.length + 1;
      map[key] = this.#mappingValue(column, depth);
    }
    if (this.#column > column) throw beyondPlain;
    return map;
  }

  /** What follows a key's colon. */
  #mappingValue(column: number, depth: number): unknown {
    const content = this.#content();
    if (content !== "" && content[0] !== "#") return this.#value(content, column);
    this.#nextLine();
    if (this.#column > column) return this.#node(this.#column, depth + 1);
    // A sequence may stand at the same column as the key that it belongs to.
    if (this.#column === column && this.#isDash()) return this.#sequence(column, depth + 1);
    return null;
  }

  #sequence(column: number, depth: number): unknown[] {
    const items: unknown[] = [];
    const locations = this.#newLocations(items);
    while (this.#column === column && this.#isDash()) {
      locations?.set(String(items.length), this.#at);
      let spaces = 1;
      while (this.#text.charCodeAt(this.#at + 1 + spaces) === 0x20) spaces++;
      this.#at += 1 + spaces;
      this.#column += 1 + spaces;
      items.push(this.#item(column, depth));
    }
    if (this.#column > column) throw beyondPlain;
    return items;
  }

  #item(column: number, depth: number): unknown {
    if (this.#at >= this.#end || this.#text[this.#at] === "#" || this.#isDash()) throw beyondPlain;
    KEY.lastIndex = this.#at;
    if (KEY.test(this.#text) && KEY.lastIndex <= this.#end) return this.#mapping(this.#column, depth + 1);
    return this.#value(this.#content(), column);
  }

  /** A value that begins on this line, in a collection at `column`. */
  #value(content: string, column: number): unknown {
    const literal = LITERAL.exec(content);
    if (literal !== null) return this.#literal(column, literal[1] === "-");
    const value = content[0] === "[" || content[0] === "{" ? this.#flow() : scalar(content);
    this.#nextLine();
    return value;
  }

  #flow(): unknown {
    while (this.#text.charCodeAt(this.#at) === 0x20) this.#at++;
    const { value, end } = parsePlainFlow(this.#text, this.#at, this.#locations);
    if (!REST.test(this.#text.slice(end, this.#end))) throw beyondPlain;
    return value;
  }

  /** The lines of a literal block scalar, which are indented deeper than `column`. */
  #literal(column: number, strip: boolean): string {
    const lines: string[] = [];
    let indent = -1;
    for (;;) {
      const start = this.#end + 1;
      if (start >= this.#text.length) break;
      const end = this.#lineEnd(start);
      let content = start;
      while (content < end && this.#text.charCodeAt(content) === 0x20) content++;
      if (content === end) {
        // Blank lines before the first line, and spaces in blank ones, have rules of their own.
        if (indent === -1 || content !== start) throw beyondPlain;
        lines.push("");
      } else {
        if (indent === -1) indent = content - start;
        if (indent <= column || content - start <= column) break;
        if (content - start < indent) throw beyondPlain;
        lines.push(this.#text.slice(start + indent, end));
      }
      this.#end = end;
    }
    if (lines.length === 0) throw beyondPlain;
    this.#nextLine();
    while (lines.at(-1) === "") lines.pop();
    return lines.join("\n") + (strip ? "" : "\n");
  }

  #isAtEnd(): boolean {
    return this.#column === -1;
  }

  #isDash(): boolean {
    if (this.#text.charCodeAt(this.#at) !== 0x2d) return false;
    const next = this.#text.charCodeAt(this.#at + 1);
    return next === 0x20 || next === 0x0a || Number.isNaN(next);
  }

  /** The rest of the line without surrounding spaces. */
  #content(): string {
    return trimSpaces(this.#text.slice(this.#at, this.#end));
  }

  /** Goes to the next line that has content. */
  #nextLine(): void {
    const text = this.#text;
    let start = this.#end + 1;
    while (start < text.length) {
      const end = this.#lineEnd(start);
      let at = start;
      while (at < end && text.charCodeAt(at) === 0x20) at++;
      if (at < end && text.charCodeAt(at) !== 0x23) {
        this.#at = at;
        this.#end = end;
        this.#column = at - start;
        return;
      }
      start = end + 1;
    }
    this.#at = this.#end = text.length;
    this.#column = -1;
  }

  #lineEnd(start: number): number {
    const end = this.#text.indexOf("\n", start);
    return end === -1 ? this.#text.length : end;
  }

  #newLocations(container: object): Map<string, number> | undefined {
    if (this.#locations === undefined) return undefined;
    const own = new Map<string, number>();
    this.#locations.set(container, own);
    return own;
  }
}

function scalar(content: string): unknown {
  if (PLAIN_START.test(content)) return plainScalar(content);
  const quoted = DOUBLE_QUOTED.exec(content) ?? SINGLE_QUOTED.exec(content);
  if (quoted === null) throw beyondPlain;
  return quoted[1];
}

function plainScalar(content: string): unknown {
  const stop = content.search(PLAIN_END);
  let text = content;
  if (stop !== -1) {
    if (content[stop] === ":") throw beyondPlain;
    text = trimSpaces(content.slice(0, stop));
  }
  return MAY_BE_TYPED.test(text) ? resolvePlainScalar(text) : text;
}

/** Without the spaces at either end; `trim` takes away more than YAML does, a no-break space for one. */
function trimSpaces(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text.charCodeAt(start) === 0x20) start++;
  while (end > start && text.charCodeAt(end - 1) === 0x20) end--;
  return start === 0 && end === text.length ? text : text.slice(start, end);
}
