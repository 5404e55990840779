import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { lambdaReplacements } from './lambda-replacements.ts';

const source = lambdaReplacements.find(({ file }) => file === 'sonic-boom/index.js')?.source;
const line = 'x'.repeat(99_999);
const program = `
  const module = { exports: {} };
  ${source}
  // Makes the pipe one that does not block.
  process.stdout;
  const log = new module.exports({ dest: 1, sync: true });
  for (let index = 0; index < 20; index += 1) log.write(${JSON.stringify(line)} + '\\n');
`;

/** Runs the program with a pipe as its standard output. */
function start() {
  return spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'pipe'] });
}

it('writes every byte of the log to a reader that is slower than the function', async () => {
  const child = start();
  await sleep(200);
  let bytes = 0;
  child.stdout.on('data', (data: Buffer) => {
    bytes += data.length;
  });
  const [code] = await once(child, 'close');
  expect(code).toBe(0);
  expect(bytes).toBe(20 * 100_000);
});

it('does not fail if nobody reads the log', async () => {
  const child = start();
  child.stdout.destroy();
  let errors = '';
  child.stderr.on('data', (data: Buffer) => {
    errors += data.toString();
  });
  const [code] = await once(child, 'close');
  expect(errors).toBe('');
  expect(code).toBe(0);
});
