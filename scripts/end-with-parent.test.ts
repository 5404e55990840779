import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';

const watched = `
  import { endWithParent } from ${JSON.stringify(new URL('end-with-parent.mjs', import.meta.url).href)};
  setTimeout(() => process.exit(1), 20_000);
  endWithParent(() => { console.log('ended'); process.exit(); });
  console.log('ready');
`;
const node = process.execPath;
let top: ChildProcess | undefined;

afterEach(() => top?.kill('SIGKILL'));

/** Starts a process that starts `program`. Waits until the watched script at the end of the chain is ready. */
async function startChain(program: string, args: readonly string[]): Promise<ChildProcess> {
  const start = `require('node:child_process').spawn(${JSON.stringify(program)}, ${JSON.stringify(args)}, {
    stdio: 'inherit', env: { ...process.env, WATCHED: ${JSON.stringify(watched)} } }); setInterval(() => {}, 20_000)`;
  const chain = spawn(node, ['-e', start], { stdio: ['ignore', 'pipe', 'inherit'] });
  expect(await nextOutput(chain)).toBe('ready\n');
  return chain;
}

async function nextOutput(child: ChildProcess): Promise<string> {
  const [piece] = await once(child.stdout ?? child, 'data');
  return String(piece);
}

describe('endWithParent', () => {
  it.each([
    ['the parent is killed', node, ['--input-type=module', '-e', watched]],
    ['the parent of its shell is killed', 'sh', ['-c', `${node} --input-type=module -e "$WATCHED"; true`]],
  ])('ends the process if %s', async (_case, program, args) => {
    top = await startChain(program, args);
    top.kill('SIGKILL');
    expect(await nextOutput(top)).toBe('ended\n');
  });
});
