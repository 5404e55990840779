import { bundleBudgets } from './bundle-budget.ts';
import type { Share } from './bundle-contents.ts';
import { readContents } from './contents-note.ts';

/** Prints the contents of each bundle. Fails if a bundle loads more bytes at import than its budget allows. */
for (const [bundle, budget] of Object.entries(bundleBudgets)) {
  const { eager, lazy } = readContents(bundle);
  console.log(`\n${bundle}`);
  print(`loaded with index.mjs (budget ${budget})`, eager);
  print('loaded later or never', lazy);
  if (eager.bytes > budget) {
    console.error(`${bundle} loads ${eager.bytes - budget} bytes more at import than its budget allows.`);
    process.exitCode = 1;
  }
}

function print(title: string, { bytes, byPackage }: Share): void {
  console.log(`  ${String(bytes).padStart(7)}  ${title}`);
  for (const [name, share] of Object.entries(byPackage)) console.log(`    ${String(share).padStart(7)}  ${name}`);
}
