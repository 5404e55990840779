import { readFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const code = read('../example/own-stack.ts');

it('the example in docs/deploy.md is the same as example/own-stack.ts', () => {
  expect(read('../../docs/deploy.md')).toContain(`\`\`\`typescript\n${code}\`\`\``);
});

it('example/own-stack.ts can be synthesized', async () => {
  vi.stubEnv('CDK_VALIDATION', 'false');
  await expect(import('../example/own-stack.ts')).resolves.toBeDefined();
});
