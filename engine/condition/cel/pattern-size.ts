/** What a class of Unicode, `\pL`, counts: its table is read when the expression is compiled. */
const UNICODE_CLASS_SIZE = 40;
/** Characters between brackets that count like an instruction. */
const CLASS_TEXT = 16;

const repetition = /\{(\d{1,6})(?:,(\d{0,6}))?\}/y;

/**
 * About how many instructions a regular expression compiles to, known before it is compiled, since counted repetitions
 * multiply: never far below what it is. One pass over the source, whatever that is.
 */
export function patternSize(source: string): number {
  const around: number[] = [];
  let size = 0;
  let last = 0;
  const add = (atom: number): void => {
    size += atom;
    last = atom;
  };
  for (let at = 0; at < source.length; ) {
    const start = at;
    const count = repetitionAt(source, at);
    at = endOfPart(source, at);
    if (count !== undefined) {
      size += last * (count - 1) + count;
      last *= count;
    } else if (source[start] === "(") {
      around.push(size);
      size = 0;
      last = 0;
    } else if (source[start] === ")") {
      const inside = size + 2;
      size = around.pop() ?? 0;
      add(inside);
    } else add(sizeOfPart(source.slice(start, at)));
  }
  return around.reduce((sum, outer) => sum + outer, size);
}

function sizeOfPart(part: string): number {
  const unicodeClasses = part.match(/\\[pP]/g)?.length ?? 0;
  return 1 + UNICODE_CLASS_SIZE * unicodeClasses + Math.floor(part.length / CLASS_TEXT);
}

function repetitionAt(source: string, at: number): number | undefined {
  repetition.lastIndex = at;
  const match = repetition.exec(source);
  return match === null ? undefined : Math.max(1, Number(match[1]), Number(match[2] ?? 0));
}

/** Where the repetition, escape, class or single character ends that begins at a place. */
function endOfPart(source: string, at: number): number {
  switch (source[at]) {
    case "\\":
      return endOfEscape(source, at);
    case "[":
      return endOfClass(source, at);
    case "{":
      return repetitionAt(source, at) === undefined ? at + 1 : repetition.lastIndex;
    default:
      return at + 1;
  }
}

/** An escape that does not end takes the rest; there is no such expression. */
function endOfEscape(source: string, at: number): number {
  if (!/[pPx]/.test(source.charAt(at + 1)) || source[at + 2] !== "{") return at + 2;
  const close = source.indexOf("}", at);
  return close < 0 ? source.length : close + 1;
}

/** The same holds for a class. A bracket that comes first in a class stands for itself. */
function endOfClass(source: string, at: number): number {
  let end = at + (source[at + 1] === "^" ? 2 : 1);
  if (source[end] === "]") end++;
  while (end < source.length && source[end] !== "]") {
    if (source[end] === "\\") end += 2;
    else if (source.startsWith("[:", end)) end = Math.max(source.indexOf(":]", end), end) + 2;
    else end++;
  }
  return Math.min(end + 1, source.length);
}
