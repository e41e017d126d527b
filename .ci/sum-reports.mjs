// Sums reports of vitest: node sum-reports.mjs FAILED_STEPS REPORT...
// A report that is missing counts as a failure: the suite did not run.
import { readFileSync } from "node:fs";

const [failedSteps, ...reports] = process.argv.slice(2);
let passed = 0;
let failed = 0;
let skipped = 0;
for (const path of reports) {
  try {
    const report = JSON.parse(readFileSync(path, "utf8"));
    passed += report.numPassedTests;
    // A file that can not be loaded has no tests, but fails.
    const brokenFiles = report.testResults.filter(
      (f) => f.status === "failed" && f.assertionResults.length === 0,
    );
    failed += report.numFailedTests + brokenFiles.length;
    skipped += report.numPendingTests + report.numTodoTests;
  } catch (error) {
    console.error(`No report: ${error.message}`);
    failed++;
  }
}
// Steps fail with their tests; a step that failed otherwise counts once.
if (failed === 0) failed = Number(failedSteps);
process.exitCode = passed > 0 && failed === 0 ? 0 : 1;
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
