import type { CaseReport } from "./case-report.ts";
import { describeFailure } from "./describe-failure.ts";

/**
 * Reports as JUnit XML, in the form that build servers read: a suite for each world of a file.
 *
 * @param seconds how long the whole took
 */
export function formatJunit(reports: readonly CaseReport[], seconds: number): string {
  const suites = Map.groupBy(reports, ({ file, world }) => JSON.stringify([file, world]));
  const totals = `tests="${reports.length}" failures="${failuresIn(reports)}" errors="0" time="${seconds.toFixed(3)}"`;
  const body = [...suites.values()].map(suite).join("");
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="sidegate" ${totals}>\n${body}</testsuites>\n`;
}

function suite(reports: readonly CaseReport[]): string {
  const [{ file, world }] = reports as [CaseReport];
  const counts = `tests="${reports.length}" failures="${failuresIn(reports)}" errors="0" skipped="0"`;
  const name = attribute(`${file}: ${world}`);
  return `  <testsuite name=${name} ${counts}>\n${reports.map(testcase).join("")}  </testsuite>\n`;
}

function testcase(report: CaseReport): string {
  const head = `    <testcase classname=${attribute(report.file)} name=${attribute(report.name)}`;
  if (report.passed) return `${head}/>\n`;
  const lines = describeFailure(report);
  const failure = `<failure message=${attribute(lines[0] ?? "")}>${escapeXml(lines.join("\n"))}</failure>`;
  return `${head}>\n      ${failure}\n    </testcase>\n`;
}

function failuresIn(reports: readonly CaseReport[]): number {
  return reports.filter(({ passed }) => !passed).length;
}

function attribute(text: string): string {
  return `"${escapeXml(text).replaceAll('"', "&quot;").replaceAll("\n", "&#10;").replaceAll("\t", "&#9;")}"`;
}

/** What XML 1.0 can not hold in any form is shown as "\\u0000". */
function escapeXml(text: string): string {
  return text
    .replace(NOT_XML, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not stand in XML.
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;
