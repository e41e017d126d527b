/** Lines of a label and a text, the texts one below the other. */
export function formatLabels(rows: readonly (readonly [label: string, text: string | undefined])[]): string {
  const shown = rows.filter(([, text]) => text !== undefined);
  const width = Math.max(...shown.map(([label]) => label.length));
  return shown.map(([label, text]) => `  ${label.padEnd(width)}  ${text}\n`).join("");
}
