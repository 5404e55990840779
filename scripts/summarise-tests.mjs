import { readFileSync } from 'node:fs';

/**
 * @typedef {object} Report the members of Vitest's JSON report that this script reads
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {{ status: string, assertionResults: { status: string }[] }[]} testResults
 */

const [failedStep, ...files] = process.argv.slice(2);
let passed = 0;
let failed = 0;
let skipped = 0;
for (const file of files) {
  const report = read(file);
  if (!report) continue;
  passed += report.numPassedTests;
  skipped += report.numPendingTests;
  // A file that cannot be loaded has no failed test.
  failed += report.numFailedTests + report.testResults.filter(failedToLoad).length;
}
if (failedStep !== 'none') console.log(`stopped at: ${failedStep}`);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);

/**
 * @param {string} file
 * @returns {Report | undefined}
 */
function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** @param {Report['testResults'][number]} result */
function failedToLoad({ status, assertionResults }) {
  return status === 'failed' && assertionResults.every((test) => test.status !== 'failed');
}
