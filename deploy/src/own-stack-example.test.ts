import { expect, it, vi } from 'vitest';

it('example/own-stack.ts can be synthesized', async () => {
  vi.stubEnv('CDK_VALIDATION', 'false');
  await expect(import('../example/own-stack.ts')).resolves.toBeDefined();
});
