import { readFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const code = read('../example/own-stack.ts');

it('is what docs/deploy.md shows', () => {
  expect(read('../../docs/deploy.md')).toContain(`\`\`\`typescript\n${code}\`\`\``);
});

it('can be synthesized', async () => {
  vi.stubEnv('CDK_VALIDATION', 'false');
  await expect(import('../example/own-stack.ts')).resolves.toBeDefined();
});
