import { expect, it } from 'vitest';
import { installPackages } from './installed-packages.ts';

it('installPackages installs pinned packages once, and imports them', async () => {
  const versions = { 'is-number': '7.0.0' };
  const first = await installPackages(versions);
  const { default: isNumber } = await first.load<{ default: (value: unknown) => boolean }>('is-number');
  expect(isNumber(5)).toBe(true);
  expect((await installPackages(versions)).folder).toBe(first.folder);
});

it('installPackages rejects if a package does not exist', async () => {
  await expect(installPackages({ 'is-number': '99.99.99' })).rejects.toThrow('npm could not install is-number');
});
