/** One YAML document as it stands in its file. */
export interface DocumentText {
  readonly text: string;
  /** The line of the file that its first line is, from 1. */
  readonly line: number;
}

const SEPARATOR = /^---(?=[ \t\r\n]|$)/gm;
const DIRECTIVE = /^%/m;
const CONTENT = /^[ \t]*[^\s#]/m;

/**
 * Cuts a YAML file at its `---` lines, which YAML allows nowhere inside a document, so that documents can be read, kept and
 * located one by one. Documents without content are left out. A file with directives (`%YAML`) is not cut.
 */
export function* splitDocuments(text: string): Iterable<DocumentText> {
  if (DIRECTIVE.test(text)) {
    yield { text, line: 1 };
    return;
  }
  const separator = new RegExp(SEPARATOR);
  let start = 0;
  let line = 1;
  while (start < text.length) {
    separator.lastIndex = start + 1;
    const end = separator.exec(text)?.index ?? text.length;
    const document = text.slice(start, end);
    if (hasContent(document)) yield { text: document, line };
    line += countLines(document);
    start = end;
  }
}

function hasContent(document: string): boolean {
  return CONTENT.test(document.startsWith("---") ? document.slice(3) : document);
}

function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) count++;
  return count;
}
